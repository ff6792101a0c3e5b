import { afterEach, describe, expect, it } from 'vitest';
import { claudeModel } from '../../src/adapters/claude-model.ts';
import type { Prompt } from '../../src/contracts/agent.ts';
import { Report } from '../../src/contracts/report.ts';
import { startAgent } from '../../src/use-cases/start-agent.ts';
import { runTool } from '../../src/use-cases/run-tool.ts';
import { heldByRun } from '../../src/contracts/sandbox.ts';
import { callModel } from '../../src/use-cases/call-model.ts';
import { type LoopBench, makeLoop, plainPrompt, tenant } from '../support/agent-loop.ts';
import { type Cell, type InProcessSandbox, inProcessSandbox } from '../support/in-process-sandbox.ts';
import {
  type Behaviour,
  type ScriptedBlock,
  type ScriptedMessagesApi,
  startScriptedMessagesApi,
} from '../support/scripted-messages-api.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

type Loop = LoopBench & { readonly api: ScriptedMessagesApi; readonly sandbox: InProcessSandbox };

const loop = async (
  script: Parameters<typeof startScriptedMessagesApi>[0],
  options: Partial<Parameters<typeof makeLoop>[0]> & { readonly cell?: Cell } = {},
): Promise<Loop> => {
  const { cell, ...rest } = options;
  const api = await startScriptedMessagesApi(script);
  const sandbox = await inProcessSandbox(
    ['create table orders as select i as id, i % 7 as day from range(100) t(i)'],
    cell,
  );
  const bench = await makeLoop({
    model: claudeModel({ apiKey: 'sk-test', baseUrl: api.url }),
    sandbox,
    ...rest,
  });
  closers.push(() => api.close(), bench.close);
  return { ...bench, api, sandbox };
};

const sql = (id: string, text: string): ScriptedBlock => ({
  type: 'tool_use',
  id,
  name: 'execute_sql',
  input: { sql: text },
});
const python = (id: string, code: string): ScriptedBlock => ({
  type: 'tool_use',
  id,
  name: 'execute_python',
  input: { code },
});
const submit = (content = '<h2>Orders</h2><p>100 rows.</p>'): Behaviour => ({
  answer: [{ type: 'tool_use', id: 'submit', name: 'submit_html', input: { content } }],
  stop_reason: 'tool_use',
});
const calls = (...answer: readonly ScriptedBlock[]): Behaviour => ({ answer, stop_reason: 'tool_use' });
const text = (words: string, stop_reason = 'end_turn'): Behaviour => ({
  answer: [{ type: 'text', text: words }],
  stop_reason,
});
const withBudget = (budget: Partial<Prompt['budget']>): Prompt => ({
  ...plainPrompt,
  budget: { ...plainPrompt.budget, ...budget },
});

/** What the model was told at the end of a turn. */
const told = async (
  { conversation }: Loop,
  turn: number,
): Promise<
  readonly { readonly type: string; readonly text: string; readonly is_error: boolean; readonly id: string }[]
> => {
  const last = (await conversation('cataloging', turn)).messages.at(-1);
  return (last?.content ?? []).map((block) => ({
    type: block.type,
    text: String('content' in block ? block.content : 'text' in block ? block.text : ''),
    is_error: 'is_error' in block && block.is_error === true,
    id: 'tool_use_id' in block ? String(block.tool_use_id) : '',
  }));
};

describe('An agent', () => {
  it('runs the tools of a turn in order, reads their results, and publishes its report', async () => {
    const bench = await loop(
      [
        calls(
          { type: 'thinking', thinking: 'First the size.', signature: 'c2ln' },
          sql('a', 'select count(*) as n from orders'),
          python('b', 'print(1)'),
          sql('c', 'select day, count(*) as n from orders group by day order by day'),
        ),
        submit('<h2>Orders</h2><script>alert(1)</script><p>100 rows.</p>'),
      ],
      { cell: () => ({ stdout: 'hello\n', statements: 2 }) },
    );
    expect(await bench.drive('cataloging')).toMatchObject({ status: 'succeeded' });

    const results = await told(bench, 1);
    expect(results.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(results[0]!.text).toMatch(/^evidence e[0-9a-f]{12}: 1 rows, 1 columns\nn\n100$/);
    expect(results[1]!.text).toContain('stdout:\nhello');
    expect(results[2]!.text.split('\n')[2]).toBe('0\t15');
    expect(bench.api.requests[1]!.body.messages[1]!.content[0]).toEqual({
      type: 'thinking',
      thinking: 'First the size.',
      signature: 'c2ln',
    });

    const submitted = await told(bench, 2);
    expect(submitted[0]!.text).toContain('published at reports/shop/2026-01-31T12-00-00.000Z/cataloging.html');
    expect(submitted[0]!.text).toContain('Removed');
    const report = Report.parse(JSON.parse((await bench.report('cataloging', 'json'))!));
    expect(report.body_html).not.toContain('script');
    expect(report.evidence.map(({ kind }) => kind)).toEqual(['sql', 'python', 'sql']);
    expect(await bench.report('cataloging', 'html')).toContain('100 rows.');
    expect(await bench.session('cataloging')).toMatchObject({
      status: 'succeeded',
      turns: 2,
      statements: 4,
      report_submitted: true,
      reserved_dollars: 0,
    });
    expect(await bench.ports.nodeResults.get(tenant, bench.run.run_id, 'cataloging')).toMatchObject({
      object_key: 'reports/shop/2026-01-31T12-00-00.000Z/cataloging.json',
    });
    expect(
      bench.sandbox.calls.map(({ operation }) => operation).filter((operation) => operation.endsWith('session')),
    ).toEqual(['start_session', 'end_session']);
  });

  it('reads the traceback of a Python exception, and that the process was killed', async () => {
    const bench = await loop([calls(python('a', '1/0')), calls(python('b', 'while True: pass')), submit()], {
      cell: (code) =>
        code === '1/0'
          ? {
              error: {
                kind: 'PYTHON_FAILED',
                name: 'ZeroDivisionError',
                message: 'division by zero',
                traceback: 'Traceback …\nZeroDivisionError: division by zero',
              },
            }
          : {
              error: {
                kind: 'RUNNER_TIMEOUT',
                name: 'TimeoutError',
                message: 'the cell took longer than 120 s',
                traceback: '',
              },
              state_lost: true,
            },
    });
    expect(await bench.drive('cataloging')).toMatchObject({ status: 'succeeded' });
    expect((await told(bench, 1))[0]).toMatchObject({
      is_error: true,
      text: expect.stringContaining('error (PYTHON_FAILED):\nTraceback …\nZeroDivisionError'),
    });
    expect((await told(bench, 2))[0]).toMatchObject({
      is_error: true,
      text: expect.stringContaining('all variables are gone'),
    });
  });

  it('reads what the database says of a wrong statement', async () => {
    const bench = await loop([calls(sql('a', 'select nothing from nowhere')), submit()]);
    expect(await bench.drive('cataloging')).toMatchObject({ status: 'succeeded' });
    expect((await told(bench, 1))[0]).toMatchObject({
      is_error: true,
      text: expect.stringMatching(/^STATEMENT_FAILED: .*nowhere/s),
    });
  });

  it('is told how much of a large result was cut', async () => {
    const bench = await loop([calls(sql('a', "select i, repeat('x', 50) as t from range(5000) r(i)")), submit()]);
    await bench.drive('cataloging');
    const [result] = await told(bench, 1);
    expect(result!.text.length).toBeLessThan(17_000);
    expect(result!.text).toMatch(/\[Cut: \d+ of 1000 rows are not shown/);
    expect(result!.text).toContain('[Cut: the result has more than these 1000 rows');
  });

  it('goes on after 429 and 529, paying once for the turn', async () => {
    const soon = { 'retry-after-ms': '1' };
    const bench = await loop([
      { status: 429, error: 'rate_limit_error', headers: soon },
      { status: 529, error: 'overloaded_error', headers: soon },
      submit(),
    ]);
    expect(await bench.drive('cataloging')).toMatchObject({ status: 'succeeded' });
    expect(bench.api.requests).toHaveLength(3);
    expect(await bench.session('cataloging')).toMatchObject({ turns: 1 });
    expect((await bench.session('cataloging')).failure).toBeUndefined();
  });

  it('asks again after a cut stream, and keeps nothing of the half answer', async () => {
    const bench = await loop([{ cut: [sql('a', 'drop table orders')] }, submit()]);
    expect(await bench.drive('cataloging')).toMatchObject({ status: 'succeeded' });
    expect(bench.sandbox.calls.some(({ operation }) => operation === 'execute_sql')).toBe(false);
    expect(JSON.stringify(await bench.conversation('cataloging', 1))).not.toContain('drop table');
  });

  it('is told of malformed input and of tools that do not exist, and goes on', async () => {
    const bench = await loop([
      calls(
        { type: 'tool_use', id: 'a', name: 'execute_sql', input_json: '{"sql": "select' },
        { type: 'tool_use', id: 'b', name: 'execute_sql', input: { query: 'select 1' } },
        { type: 'tool_use', id: 'c', name: 'delete_table', input: {} },
        sql('d', 'select 1 as one'),
      ),
      submit(),
    ]);
    expect(await bench.drive('cataloging')).toMatchObject({ status: 'succeeded' });
    const results = await told(bench, 1);
    expect(results.map(({ is_error }) => is_error)).toEqual([true, true, true, false]);
    expect(results[0]!.text).toContain('was not valid JSON');
    expect(results[1]!.text).toContain('It takes an object with sql');
    expect(results[2]!.text).toContain(
      'There is no tool "delete_table". Your tools are execute_sql, execute_python, submit_html',
    );
  });

  it('runs at most sixteen calls of one turn, and says so of the others', async () => {
    const bench = await loop([
      calls(...Array.from({ length: 20 }, (_, index) => sql(`c${index}`, `select ${index}`))),
      submit(),
    ]);
    expect(await bench.drive('cataloging')).toMatchObject({ status: 'succeeded' });
    expect(bench.sandbox.calls.filter(({ operation }) => operation === 'execute_sql')).toHaveLength(16);
    const results = await told(bench, 1);
    expect(results).toHaveLength(20);
    expect(results[19]).toMatchObject({ is_error: true, text: expect.stringContaining('at most 16 calls') });
  });

  it('is reminded twice of its report when it only talks, then given up', async () => {
    const bench = await loop([text('I am done, everything is fine.')]);
    expect(await bench.drive('cataloging')).toMatchObject({ status: 'failed', error: 'AGENT_WITHOUT_REPORT' });
    expect(bench.api.requests).toHaveLength(3);
    expect((await told(bench, 1))[0]!.text).toContain('call submit_html');
    expect(await bench.report('cataloging', 'html')).toBeUndefined();
  });

  it('goes on when a reminder helps', async () => {
    const bench = await loop([text('Done.'), text(' '), submit()]);
    expect(await bench.drive('cataloging')).toMatchObject({ status: 'succeeded' });
  });

  it('does not run a call that the output limit cut, and lets the agent continue', async () => {
    const bench = await loop([
      {
        answer: [
          sql('a', 'select 1 as one'),
          { type: 'tool_use', id: 'b', name: 'submit_html', input_json: '{"content": "<h2>Half a rep' },
        ],
        stop_reason: 'max_tokens',
      },
      text('I was saying', 'max_tokens'),
      { answer: [{ type: 'thinking', thinking: 'and thinking', signature: '' }], stop_reason: 'max_tokens' },
      submit(),
    ]);
    expect(await bench.drive('cataloging')).toMatchObject({ status: 'succeeded' });
    const results = await told(bench, 1);
    expect(results[0]).toMatchObject({ id: 'a', is_error: false });
    expect(results[1]).toMatchObject({
      id: 'b',
      is_error: true,
      text: expect.stringContaining('cut at the limit of 8000 tokens'),
    });
    expect((await told(bench, 2))[0]!.text).toContain('Continue, in smaller parts');
    expect(bench.api.requests.every(({ usage }) => usage !== undefined)).toBe(true);
  });

  it('ends as refused when the model declines', async () => {
    const bench = await loop([calls(sql('a', 'select 1')), { answer: [], stop_reason: 'refusal' }]);
    expect(await bench.drive('cataloging')).toMatchObject({
      status: 'failed',
      error: 'MODEL_REFUSED',
      cause: expect.stringContaining('turn 2'),
    });
    expect(bench.api.requests).toHaveLength(2);
  });

  it('ends with what the service said when the key is wrong', async () => {
    const bench = await loop([{ status: 401, error: 'authentication_error', message: 'invalid x-api-key' }]);
    expect(await bench.drive('cataloging')).toMatchObject({
      status: 'failed',
      error: 'MODEL_REJECTED',
      cause: expect.stringContaining('ANTHROPIC_API_KEY'),
    });
    expect(bench.api.requests).toHaveLength(1);
  });

  it('ends with MODEL_OVERLOADED when the service never comes back', async () => {
    const bench = await loop([{ status: 529, error: 'overloaded_error' }]);
    expect(await bench.drive('cataloging')).toMatchObject({
      status: 'failed',
      error: 'MODEL_OVERLOADED',
      cause: expect.stringContaining('of which 1,200 s have passed'),
    });
    expect(await bench.session('cataloging')).toMatchObject({
      usage: { dollars: 0 },
      paused_seconds: 1_200,
      model_wait: { seconds: 1_200, times: 15 },
    });
    expect(bench.api.requests).toHaveLength(16);
  });

  it('waits as long as a 429 tells, which its seconds do not count', async () => {
    const busy = (seconds: number): Behaviour => ({
      status: 429,
      error: 'rate_limit_error',
      headers: { 'retry-after': `${seconds}` },
    });
    const bench = await loop([busy(400), busy(500), calls(sql('a', 'select 1')), busy(300), submit()], {
      prompt: withBudget({ seconds: 30 }),
    });
    const begun = bench.ports.clock.now().getTime();
    expect(await bench.drive('cataloging')).toMatchObject({ status: 'succeeded' });
    expect(bench.ports.clock.now().getTime() - begun).toBe(1_200_000);
    expect(await bench.session('cataloging')).toMatchObject({ turns: 2, paused_seconds: 1_200 });
    expect((await bench.session('cataloging')).failure).toBeUndefined();
    const waits = bench.ports.log.lines.filter(({ message }) => message === 'waits for the model');
    expect(waits.map(({ fields }) => (fields as { seconds: number }).seconds)).toEqual([400, 500, 300]);
  });

  it.each([429, 529])(
    'ends at once as MODEL_RATE_LIMITED where a %i tells of a longer wait than there is left',
    async (status) => {
      const bench = await loop([
        { status, error: 'rate_limit_error', headers: { 'retry-after': '1000' } },
        { status, error: 'rate_limit_error', headers: { 'retry-after': '201' } },
      ]);
      expect(await bench.drive('cataloging')).toMatchObject({
        status: 'failed',
        error: 'MODEL_RATE_LIMITED',
        cause: expect.stringContaining('asked again in 201 s'),
      });
      expect((await bench.session('cataloging')).failure).toMatchObject({
        kind: 'MODEL_RATE_LIMITED',
        advice: { kind: 'resume_run' },
      });
      expect(bench.api.requests).toHaveLength(2);
    },
  );

  it('ends with SANDBOX_LOST when its sandbox is gone in the middle of a call', async () => {
    const bench = await loop([calls(sql('a', 'select 1')), calls(sql('b', 'select 2')), submit()], {
      afterState: async (state) => {
        if (state === 'close-turn') bench.sandbox.kill();
      },
    });
    expect(await bench.drive('cataloging')).toMatchObject({ status: 'failed', error: 'SANDBOX_LOST' });
  });

  it('has succeeded once its report is there, whatever comes afterwards', async () => {
    const bench = await loop([submit()], { prompt: withBudget({ turns: 1 }) });
    expect(await bench.drive('cataloging')).toMatchObject({ status: 'succeeded' });
  });

  it('publishes the last of two reports of one turn', async () => {
    const bench = await loop([
      calls(
        { type: 'tool_use', id: 'a', name: 'submit_html', input: { content: '<p>First</p>' } },
        { type: 'tool_use', id: 'b', name: 'submit_html', input: { content: '<p>Second</p>' } },
      ),
    ]);
    expect(await bench.drive('cataloging')).toMatchObject({ status: 'succeeded' });
    expect(Report.parse(JSON.parse((await bench.report('cataloging', 'json'))!)).body_html).toContain('Second');
    expect((await bench.ports.runs.get(tenant, bench.run.run_id))!.reports).toHaveLength(1);
  });
});

describe('An agent whose tools need no sandbox', () => {
  it('starts where its run holds none, and is given no file', async () => {
    const bench = await loop([], { prompt: { ...plainPrompt, tools: ['submit_html'] } });
    await bench.ports.leases.delete(tenant, heldByRun(bench.run.run_id), 1);
    const input = { tenant, run_id: bench.run.run_id, node: 'cataloging', agent: 'cataloging' };
    await startAgent(bench.ports, input);
    expect(await bench.session('cataloging')).toMatchObject({ status: 'running', turns: 0 });
    expect(bench.sandbox.calls).toEqual([]);
    const needing = await loop([]);
    await needing.ports.leases.delete(tenant, heldByRun(needing.run.run_id), 1);
    await expect(startAgent(needing.ports, input)).rejects.toMatchObject({ kind: 'SANDBOX_LOST' });
  });
});

describe('A state of the loop that is tried again', () => {
  it('neither calls the model nor runs a tool a second time', async () => {
    const bench = await loop([calls(sql('a', 'select 1')), submit()]);
    await bench.drive('cataloging');
    const ids = { tenant, run_id: bench.run.run_id, node: 'cataloging', agent: 'cataloging' };
    const [requests, sandboxCalls, session] = [
      bench.api.requests.length,
      bench.sandbox.calls.length,
      await bench.session('cataloging'),
    ];
    // A state whose answer was lost is tried again in the next attempt at the latest.
    await bench.ports.sessions.reopen({ ...session, status: 'running', attempt: 2 });
    const verdict = await callModel(bench.ports, { ...ids, turn: 1 });
    expect(verdict).toMatchObject({
      next: 'run_tools',
      calls: [{ id: 'a', name: 'execute_sql', summary: 'select 1' }],
    });
    expect(await runTool(bench.ports, { ...ids, turn: 1, call: verdict.calls[0]! })).toEqual({ id: 'a', ok: true });
    expect([bench.api.requests.length, bench.sandbox.calls.length]).toEqual([requests, sandboxCalls]);
    expect((await bench.session('cataloging')).usage).toEqual(session.usage);
  });
});
