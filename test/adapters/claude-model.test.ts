import { afterEach, describe, expect, it } from 'vitest';
import { claudeModel } from '../../src/adapters/claude-model.ts';
import { Failure } from '../../src/contracts/failure.ts';
import { noTokens } from '../../src/domain/budget/usage.ts';
import { describeTools } from '../../src/domain/agent/tools.ts';
import type { BrokenCall, ModelReply, ModelRequest } from '../../src/ports/model.ts';
import {
  type Behaviour,
  type ScriptedMessagesApi,
  startScriptedMessagesApi,
} from '../support/scripted-messages-api.ts';

const apiKey = 'sk-ant-test-0123456789';
const request: ModelRequest = {
  model: 'claude-sonnet-5-5',
  system: 'You survey.',
  tools: describeTools(['execute_sql', 'submit_html']),
  messages: [{ role: 'user', content: [{ type: 'text', text: 'Survey this.' }] }],
  max_output_tokens: 4_000,
  timeout_seconds: 20,
};

let api: ScriptedMessagesApi | undefined;
afterEach(() => api?.close());

const ask = async (script: readonly Behaviour[], changes: Partial<ModelRequest> = {}) => {
  api = await startScriptedMessagesApi(script);
  return claudeModel({ apiKey, baseUrl: api.url }).reply({ ...request, ...changes });
};
const failure = async (asked: Promise<unknown>): Promise<Failure> => {
  const thrown = await asked.then(
    (answer) => (answer as Partial<BrokenCall>).failure,
    (error: unknown) => error,
  );
  if (!(thrown instanceof Failure)) throw new Error(`no failure but ${String(thrown)}`);
  return thrown;
};
/** What an answer that came whole holds. */
const whole = async (asked: ReturnType<typeof ask>): Promise<ModelReply> => {
  const answer = await asked;
  if ('failure' in answer) throw answer.failure;
  return answer;
};
const hello: Behaviour = { answer: [{ type: 'text', text: 'Hello' }], stop_reason: 'end_turn' };
const soon = { 'retry-after-ms': '1' };

describe('Claude as the model', () => {
  it('puts a streamed answer together, thinking and its signature included', async () => {
    const reply = await whole(
      ask([
        {
          answer: [
            { type: 'thinking', thinking: 'Let me see …', signature: 'c2lnbmF0dXJl' },
            { type: 'text', text: 'I look at the orders. ☃' },
            { type: 'tool_use', id: 'toolu_1', name: 'execute_sql', input: { sql: 'select 1' } },
          ],
          stop_reason: 'tool_use',
          output_tokens: 77,
        },
      ]),
    );
    expect(reply.content).toEqual([
      { type: 'thinking', thinking: 'Let me see …', signature: 'c2lnbmF0dXJl' },
      { type: 'text', text: 'I look at the orders. ☃' },
      { type: 'tool_use', id: 'toolu_1', name: 'execute_sql', input: { sql: 'select 1' } },
    ]);
    expect(reply.stop_reason).toBe('tool_use');
    expect(reply.usage.output_tokens).toBe(77);
    const { usage } = api!.requests[0]!;
    expect(reply.usage).toMatchObject({
      input_tokens: usage!.input_tokens,
      cache_write_tokens: usage!.cache_creation_input_tokens,
      cache_read_tokens: 0,
    });
  });

  it('sends thinking back untouched, forces no tool, and sets neither thinking nor temperature', async () => {
    const thinking = { type: 'thinking' as const, thinking: 'Hm.', signature: 'AbC=' };
    const call = { type: 'tool_use' as const, id: 'toolu_1', name: 'execute_sql', input: { sql: 'select 1' } };
    await ask([hello], {
      messages: [
        ...request.messages,
        { role: 'assistant', content: [thinking, call] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: '1' }] },
      ],
    });
    const { body } = api!.requests[0]!;
    expect(body.messages[1]!.content).toEqual([thinking, call]);
    expect(Object.keys(body).toSorted()).toEqual(['max_tokens', 'messages', 'model', 'stream', 'system', 'tools']);
  });

  it('keeps the input of a call that is no JSON as text, and the rest of the answer', async () => {
    const reply = await whole(
      ask([
        {
          answer: [
            { type: 'text', text: 'Two calls.' },
            { type: 'tool_use', id: 'toolu_1', name: 'execute_sql', input_json: '{"sql": "select 1}' },
            { type: 'tool_use', id: 'toolu_2', name: 'execute_sql', input: { sql: 'select 2' } },
          ],
          stop_reason: 'tool_use',
        },
      ]),
    );
    expect(reply.content.slice(1)).toEqual([
      { type: 'tool_use', id: 'toolu_1', name: 'execute_sql', input: '{"sql": "select 1}' },
      { type: 'tool_use', id: 'toolu_2', name: 'execute_sql', input: { sql: 'select 2' } },
    ]);
  });

  it('never takes a cut stream for a whole answer, however it was cut', async () => {
    for (const script of [
      { cut: [{ type: 'text', text: 'Half of an answer' }] },
      { cut_cleanly: [{ type: 'text', text: 'Half of an answer' }] },
    ] as const) {
      expect(await failure(ask([script]))).toMatchObject({ kind: 'MODEL_UNAVAILABLE' });
      await api?.close();
    }
  });

  it.each([
    [429, 'rate_limit_error', 'MODEL_RATE_LIMITED'],
    [503, 'api_error', 'MODEL_OVERLOADED'],
    [529, 'overloaded_error', 'MODEL_OVERLOADED'],
  ] as const)(
    'says at a %i at once that the service takes no more, and until when: the machine waits, no function does',
    async (...row) => {
      const [status, error, kind] = row;
      expect(await failure(ask([{ status, error, headers: { 'retry-after': '17' } }, hello]))).toMatchObject({
        kind,
        message: expect.stringContaining(String(status)),
        retryAfter: 17,
      });
      expect(api!.requests).toHaveLength(1);
    },
  );

  it('says so too where the service says it in the stream', async () => {
    expect(await failure(ask([{ error_event: 'overloaded_error' }]))).toMatchObject({ kind: 'MODEL_OVERLOADED' });
  });

  it('says that the service cannot be used where it fails or is not there', async () => {
    expect(await failure(ask([{ status: 500, error: 'api_error', headers: soon }, hello]))).toMatchObject({
      kind: 'MODEL_UNAVAILABLE',
    });
    expect(api!.requests).toHaveLength(1);
    expect(await failure(claudeModel({ apiKey, baseUrl: 'http://127.0.0.1:9' }).reply(request))).toMatchObject({
      kind: 'MODEL_UNAVAILABLE',
    });
  });

  it('knows what a call has cost that broke off, never less than what is billed; undefined where nobody can know', async () => {
    const words = 'Half of an answer, and more of it.';
    const spentBy = async (script: Behaviour) => {
      const answer = await ask([script]);
      await api?.close();
      if (!('failure' in answer)) throw new Error('it was answered');
      return answer.spent;
    };
    const inputTokens = (await whole(ask([hello]))).usage.input_tokens;
    expect(await spentBy({ status: 429, error: 'rate_limit_error' })).toEqual(noTokens);
    expect(await spentBy({ status: 500, error: 'api_error' })).toEqual(noTokens);
    expect(await spentBy({ error_event: 'overloaded_error' })).toEqual({
      ...noTokens,
      input_tokens: inputTokens,
      output_tokens: 1,
    });
    const cleanly = await spentBy({ cut_cleanly: [{ type: 'text', text: words }] });
    expect(cleanly?.input_tokens).toBe(inputTokens);
    expect(cleanly?.output_tokens).toBeGreaterThanOrEqual(words.length / 2);
    expect(cleanly?.output_tokens).toBeLessThan(100);
    const cut = await spentBy({ cut: [{ type: 'text', text: words }] });
    expect(cut?.output_tokens).toBeGreaterThanOrEqual(words.length / 2 + 256);
    const thinking = await spentBy({ cut: [{ type: 'thinking', thinking: 'Hm.', signature: '' }] });
    expect(thinking?.output_tokens).toBe(request.max_output_tokens);
    const gone = await claudeModel({ apiKey, baseUrl: api?.url ?? '' }).reply(request);
    expect(gone).toMatchObject({ spent: noTokens });
  });

  it.each([
    [408, 'timeout_error'],
    [499, 'api_error'],
    [504, 'timeout_error'],
  ])('knows nothing of the cost where somebody on the way waited no longer, as with HTTP %i', async (status, error) => {
    const answer = await ask([{ status, error, headers: soon }]);
    expect(answer).toMatchObject({ failure: { kind: 'MODEL_UNAVAILABLE' }, spent: undefined });
  });

  it.each([-1, 0.5, 1e300, Number.MAX_SAFE_INTEGER])(
    'rejects an answer whose usage is %d tokens, and knows nothing of its cost',
    async (output_tokens) => {
      const answer = await ask([{ answer: [{ type: 'text', text: 'Hello' }], stop_reason: 'end_turn', output_tokens }]);
      expect(answer).toMatchObject({ failure: { kind: 'MODEL_REJECTED' }, spent: undefined });
    },
  );

  it('reads no more of an answer than any answer of a model can be', async () => {
    const text = 'x'.repeat(8 * 1024 * 1024);
    const answer = await ask([
      { answer: Array.from({ length: 9 }, () => ({ type: 'text', text }) as const), stop_reason: 'end_turn' },
    ]);
    expect(answer).toMatchObject({ failure: { kind: 'MODEL_REJECTED', message: expect.stringContaining('64 MB') } });
  });

  it('gives up an answer that does not come within its time', async () => {
    const asked = ask([{ silent: true }], { timeout_seconds: 1 });
    expect(await asked).toMatchObject({ spent: undefined });
    expect(await failure(asked)).toMatchObject({
      kind: 'MODEL_UNAVAILABLE',
      message: expect.stringContaining('within 1 seconds'),
    });
  });

  it('ends the call itself when nobody waits for its answer any more, and blames nobody', async () => {
    const controller = new AbortController();
    const silent = (api = await startScriptedMessagesApi([{ silent: true }]));
    const asked = claudeModel({ apiKey, baseUrl: silent.url }).reply({ ...request, signal: controller.signal });
    await expect.poll(() => silent.connections()).toBe(1);
    controller.abort(new Failure('RUN_CANCELLED', 'The run was cancelled by request.'));
    expect(await failure(asked)).toMatchObject({ kind: 'RUN_CANCELLED' });
    await expect.poll(() => silent.connections()).toBe(0);
    expect(silent.requests).toHaveLength(1);
  });

  it.each([
    [401, 'authentication_error', 'ANTHROPIC_API_KEY'],
    [403, 'permission_error', 'SURVEYOR_MODEL'],
    [404, 'not_found_error', 'SURVEYOR_MODEL'],
    [400, 'invalid_request_error', 'prompt file'],
  ])('says what to do about %i, without trying again and without the key', async (status, error, advice) => {
    const rejected = await failure(ask([{ status, error, message: `no, ${apiKey} is wrong`, headers: soon }]));
    expect(rejected.kind).toBe('MODEL_REJECTED');
    expect(rejected.message).toContain(advice);
    expect(`${rejected.message} ${String(rejected.cause)}`).not.toContain(apiKey);
    expect(api!.requests).toHaveLength(1);
  });
});
