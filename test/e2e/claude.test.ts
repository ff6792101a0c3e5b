import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { projectRoot } from '../../bin/local/settings.ts';
import { type LocalService, startLocalService } from '../support/local-service.ts';
import {
  type Behaviour,
  type ReceivedBody,
  type ScriptedBlock,
  type ScriptedMessagesApi,
  startScriptedMessagesApi,
} from '../support/scripted-messages-api.ts';

/** A turn's tool calls, as a model would make them. */
const calls = (...tools: readonly (readonly [string, unknown])[]): Behaviour => ({
  answer: tools.map(([name, input], index): ScriptedBlock => ({
    type: 'tool_use',
    id: `toolu_${name}_${index}_${JSON.stringify(input).length}`,
    name,
    input,
  })),
  stop_reason: 'tool_use',
});
const submit = (content: string): Behaviour => calls(['submit_html', { content }]);

/** The turns of each agent; the summary agent is the one that is given no profile. */
const script =
  (turns: { readonly cataloging: readonly Behaviour[]; readonly summary?: readonly Behaviour[] }) =>
  (body: ReceivedBody): Behaviour => {
    const isSummary = JSON.stringify(body.messages[0]).includes('s3_prefix');
    const mine = isSummary ? (turns.summary ?? [submit('<h2>Nothing new</h2>')]) : turns.cataloging;
    const turn = body.messages.filter(({ role }) => role === 'assistant').length;
    return mine[Math.min(turn, mine.length - 1)] as Behaviour;
  };

/** All tool results that an agent was sent, in order, as text. */
const resultsIn = (body: ReceivedBody | undefined): readonly string[] =>
  (body?.messages ?? []).flatMap(({ content }) =>
    content.filter(({ type }) => type === 'tool_result').map((block) => JSON.stringify(block['content'])),
  );

describe('a catalog by a model', () => {
  let local: LocalService | undefined;
  let api: ScriptedMessagesApi | undefined;

  const start = async (
    behave: (body: ReceivedBody) => Behaviour,
    environment: Readonly<Record<string, string>> = {},
  ) => {
    api = await startScriptedMessagesApi(behave);
    local = await startLocalService({
      ANTHROPIC_API_KEY: 'sk-ant-scripted',
      ANTHROPIC_BASE_URL: api.url,
      ...environment,
    });
    return { api, local };
  };
  const catalog = async (budget?: { readonly turns?: number; readonly statements?: number }) => {
    const { run_id } = await local!.api.createCatalog({
      dataset: 'ecommerce',
      s3_prefix: 'reports/model',
      ...(budget === undefined ? {} : { budget }),
    });
    return local!.ended(run_id);
  };

  afterEach(async () => {
    await local?.close();
    await api?.close();
  });

  it('keeps Python’s state between two calls of one agent and has it gone for the next', async () => {
    const { api: served } = await start(
      script({
        cataloging: [
          calls(
            ['execute_python', { code: 'kept = 40 + 1' }],
            ['execute_sql', { sql: 'SELECT count(*) AS n FROM orders' }],
          ),
          calls(['execute_python', { code: 'print("kept is", kept + 1)' }]),
          submit('<h2>Orders</h2><p>Counted.</p>'),
        ],
        summary: [calls(['execute_python', { code: 'print("kept" in globals())' }]), submit('<h2>Nothing new</h2>')],
      }),
    );
    const run = await catalog();
    expect(run).toMatchObject({ status: 'succeeded' });
    const last = (part: string) =>
      served.requests.findLast(
        ({ body }) => JSON.stringify(body.messages[0]).includes('s3_prefix') === (part === 'summary'),
      )?.body;
    expect(resultsIn(last('cataloging')).join()).toContain('kept is 42');
    expect(resultsIn(last('summary')).join()).toContain('False');
    const cataloging = run.agents.find(({ agent }) => agent === 'cataloging');
    expect(cataloging).toMatchObject({ turns: 3, statements: 1, model: 'claude-sonnet-5-5', status: 'succeeded' });
    expect(cataloging?.usage.dollars).toBeGreaterThan(0);
  });

  it('tells the model when its kernel was killed in the middle of a call, and goes on with a fresh one', async () => {
    const { api: served } = await start(
      script({
        cataloging: [
          calls(['execute_python', { code: 'kept = 1\nimport os, signal\nos.kill(os.getpid(), signal.SIGKILL)' }]),
          calls(['execute_python', { code: 'print("alive", "kept" in globals())' }]),
          submit('<h2>Done</h2>'),
        ],
      }),
    );
    expect(await catalog()).toMatchObject({ status: 'succeeded' });
    const conversation = served.requests.map(({ body }) => body).findLast((body) => resultsIn(body).length === 2);
    expect(resultsIn(conversation)[0]).toMatch(/SANDBOX_LOST.*variables are lost/s);
    expect(resultsIn(conversation)[1]).toContain('alive False');
  });

  it('tells the agent what a changed prompt says, and records its hash', async () => {
    const text = readFileSync(join(projectRoot, 'prompts/cataloging.yaml'), 'utf8').replace(
      '# What to do',
      '# What to do, said otherwise 8d1f',
    );
    const { api: served } = await start(script({ cataloging: [submit('<h2>Done</h2>')] }), {
      SURVEYOR_PROMPT_CATALOGING: Buffer.from(text).toString('base64'),
    });
    const run = await catalog();
    expect(JSON.stringify(served.requests[0]?.body.system)).toContain('said otherwise 8d1f');
    const hash = run.agents[0]?.prompt_hash ?? '';
    const kept = readFileSync(join(local!.home, 'objects/.prompts/kept', `${hash}.json`), 'utf8');
    expect(createHash('sha256').update(kept).digest('hex')).toBe(hash);
    expect(JSON.parse(kept)).toMatchObject({ text });
    expect(run.agents[1]?.prompt_hash).not.toBe(run.agents[0]?.prompt_hash);
  });

  it('ends as budget exceeded when an agent loops for ever, with the run’s parts kept', async () => {
    await start(script({ cataloging: [calls(['execute_sql', { sql: 'SELECT 1 AS one' }])] }));
    const run = await catalog({ turns: 4 });
    expect(run).toMatchObject({ status: 'budget_exceeded', failure: { kind: 'BUDGET_EXCEEDED' } });
    expect(run.agents).toMatchObject([{ agent: 'cataloging', status: 'budget_exceeded', turns: 4 }]);
    expect((await local!.api.listSteps({ id: run.run_id })).steps.filter(({ kind }) => kind === 'turn')).toHaveLength(
      4,
    );
  });

  it('does not start the summary where the cataloging agent was refused', async () => {
    await start(script({ cataloging: [{ answer: [{ type: 'text', text: 'No.' }], stop_reason: 'refusal' }] }));
    const run = await catalog();
    expect(run).toMatchObject({ status: 'failed', failure: { kind: 'MODEL_REFUSED' }, reports: [] });
    expect(run.agents.map(({ agent }) => agent)).toEqual(['cataloging']);
  });

  it('goes on after 429 and 529, and pays for the answer alone', async () => {
    let failures = 0;
    const behave = script({ cataloging: [submit('<h2>Done</h2>')] });
    await start((body) => {
      failures += 1;
      if (failures === 1) return { status: 429, error: 'rate_limit_error', headers: { 'retry-after': '0' } };
      if (failures === 2) return { status: 529, error: 'overloaded_error', headers: { 'retry-after': '0' } };
      return behave(body);
    });
    expect(await catalog()).toMatchObject({ status: 'succeeded', agents: [{ turns: 1 }, { turns: 1 }] });
  });
});
