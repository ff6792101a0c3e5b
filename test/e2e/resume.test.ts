import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, it } from 'vitest';
import { Failure } from '../../src/contracts/failure.ts';
import { isMissing } from '../support/is-missing.ts';
import { type LocalService, startLocalService } from '../support/local-service.ts';
import { processesBelow } from '../support/processes-below.ts';
import {
  type Behaviour,
  type ReceivedBody,
  type ScriptedMessagesApi,
  startScriptedMessagesApi,
} from '../support/scripted-messages-api.ts';

const call = (id: string, name: string, input: unknown): Behaviour => ({
  answer: [{ type: 'tool_use', id, name, input }],
  stop_reason: 'tool_use',
});
const sql = (number: number): Behaviour => call(`toolu_${number}`, 'execute_sql', { sql: `SELECT ${number} AS mark` });
const submit = call('toolu_end', 'submit_html', { content: '<h2>Sensors</h2><p>Counted.</p>' });
const isSummary = (body: ReceivedBody): boolean => JSON.stringify(body.messages[0]).includes('s3_prefix');
/** The messages without the marks of the cache, which move on with each request. */
const withoutMarks = (body: ReceivedBody | undefined): readonly unknown[] =>
  (body?.messages ?? []).map(({ role, content }) => ({
    role,
    content: content.map((block) => ({ ...block, cache_control: undefined })),
  }));
const turnOf = ({ messages }: ReceivedBody): number => messages.filter(({ role }) => role === 'assistant').length + 1;

describe.skipIf(isMissing('linux'))('a run that is cut off', () => {
  let local: LocalService | undefined;
  let api: ScriptedMessagesApi | undefined;

  const start = async (behave: (body: ReceivedBody) => Behaviour): Promise<void> => {
    api = await startScriptedMessagesApi(behave);
    local = await startLocalService({ ANTHROPIC_API_KEY: 'sk-ant-scripted', ANTHROPIC_BASE_URL: api.url });
  };
  const catalog = async (): Promise<string> =>
    (await local!.api.createCatalog({ dataset: 'sensors', s3_prefix: 'reports/cut' })).run_id;
  /** How often each text was run in a sandbox, as its evidence tells. */
  const ran = (runId: string): Readonly<Record<string, number>> => {
    const store = new DatabaseSync(join(local!.home, 'store.sqlite'), { readOnly: true });
    const rows = store
      .prepare(`select document ->> 'text' as text, count(*) as times from evidence where run_id = ? group by 1`)
      .all(runId);
    store.close();
    return Object.fromEntries(rows.map((row) => [String(row['text']), Number(row['times'])]));
  };
  const requestsOf = (agent: 'cataloging' | 'summary'): readonly ReceivedBody[] =>
    api!.requests.map(({ body }) => body).filter((body) => isSummary(body) === (agent === 'summary'));

  afterEach(async () => {
    await local?.close();
    await api?.close();
    local = api = undefined;
  });

  it('by a killed sandbox fails as SANDBOX_LOST and, resumed, repeats no call of a tool or of the model', async () => {
    const lost = new Set<number>();
    await start((body) => {
      if (isSummary(body)) return submit;
      const turn = turnOf(body);
      if (turn === 3 && lost.size === 0)
        for (const { pid, command } of processesBelow(local!.home))
          if (command.includes('supervisor/main.ts')) lost.add(pid);
      if (turn === 3 && lost.size > 0) for (const pid of lost) tryKill(pid);
      return (
        [call('toolu_1', 'execute_python', { code: 'kept = 41' }), sql(1_002), sql(1_003), submit][turn - 1] ?? submit
      );
    });
    const runId = await catalog();
    expect(await local!.ended(runId)).toMatchObject({
      status: 'failed',
      attempt: 1,
      failure: { kind: 'SANDBOX_LOST' },
      reports: [],
      agents: [{ agent: 'cataloging', status: 'failed', turns: 3 }],
    });
    const before = ran(runId);
    expect(before).toMatchObject({ 'kept = 41': 1, 'SELECT 1002 AS mark': 1 });
    expect(before).not.toHaveProperty('SELECT 1003 AS mark');
    expect(requestsOf('cataloging').map(turnOf)).toEqual([1, 2, 3]);
    const firstSteps = (await local!.api.listSteps({ id: runId })).steps;

    await local!.api.resumeRun({ id: runId });
    const run = await local!.ended(runId);
    expect(run).toMatchObject({ status: 'succeeded', attempt: 2, agents: [{ turns: 4 }, { turns: 1 }] });
    expect(run).not.toHaveProperty('failure');
    expect(run.reports.map(({ agent }) => agent)).toEqual(['cataloging', 'summary']);

    // The answer of turn 3 was recorded; only its call, which no sandbox had run, is made up for.
    expect(requestsOf('cataloging').map(turnOf)).toEqual([1, 2, 3, 4]);
    expect(ran(runId)).toEqual({ ...before, 'SELECT 1003 AS mark': 1 });

    const [third, fourth] = requestsOf('cataloging').slice(-2);
    expect(JSON.stringify(fourth?.messages.at(-1))).toContain('fresh Python process');
    expect(JSON.stringify(third)).not.toContain('fresh Python process');
    const read = withoutMarks(third);
    expect(withoutMarks(fourth).slice(0, read.length)).toEqual(read);
    const charged = api!.requests.find(({ body }) => body === fourth)?.usage;
    expect(charged?.cache_read_input_tokens).toBeGreaterThan(0);
    expect(charged?.cache_read_input_tokens).toBeGreaterThan(charged?.cache_creation_input_tokens ?? 0);

    const { steps } = await local!.api.listSteps({ id: runId });
    expect(steps.slice(0, firstSteps.length)).toEqual(firstSteps);
    expect(new Set(steps.map(({ step_id }) => step_id)).size).toBe(steps.length);
    expect(
      steps.slice(firstSteps.length).filter(({ kind, status }) => kind === 'node' && status === 'succeeded'),
    ).toHaveLength(3);
  });

  it('by its budget goes on where it was, once it is given more', async () => {
    await start((body) => (isSummary(body) || turnOf(body) > 5 ? submit : sql(2_000 + turnOf(body))));
    const { run_id } = await local!.api.createCatalog({
      dataset: 'sensors',
      s3_prefix: 'reports/cut',
      budget: { turns: 3 },
    });
    expect(await local!.ended(run_id)).toMatchObject({ status: 'budget_exceeded', agents: [{ turns: 3 }] });
    await local!.api.resumeRun({ id: run_id, budget: { turns: 9 } });
    expect(await local!.ended(run_id)).toMatchObject({
      status: 'succeeded',
      budget: { turns: 9 },
      agents: [{ turns: 6, status: 'succeeded' }, { turns: 1 }],
    });
    expect(requestsOf('cataloging').map(turnOf)).toEqual([1, 2, 3, 4, 5, 6]);
    for (const number of [2_001, 2_002, 2_003, 2_004, 2_005]) expect(ran(run_id)[`SELECT ${number} AS mark`]).toBe(1);
  });

  it('by a refusal asks the model once more', async () => {
    let refusals = 1;
    await start((body) => {
      if (isSummary(body) || turnOf(body) === 2) {
        if (refusals > 0 && !isSummary(body)) {
          refusals -= 1;
          return { answer: [{ type: 'text', text: 'No.' }], stop_reason: 'refusal' };
        }
        return submit;
      }
      return sql(3_001);
    });
    const runId = await catalog();
    expect(await local!.ended(runId)).toMatchObject({ status: 'failed', failure: { kind: 'MODEL_REFUSED' } });
    await local!.api.resumeRun({ id: runId });
    expect(await local!.ended(runId)).toMatchObject({ status: 'succeeded', agents: [{ turns: 2 }, { turns: 1 }] });
    expect(requestsOf('cataloging').map(turnOf)).toEqual([1, 2, 2]);
  });

  it('by a cancel ends at once in the middle of a call of the model, and gives its sandbox back', async () => {
    await start((body) => (turnOf(body) === 2 ? { silent: true } : sql(4_001)));
    const runId = await catalog();
    await expect.poll(() => api!.requests.length, { timeout: 60_000 }).toBe(2);
    await local!.api.cancelRun({ id: runId });
    const run = await local!.ended(runId);
    expect(run).toMatchObject({
      status: 'cancelled',
      failure: { kind: 'RUN_CANCELLED' },
      agents: [{ status: 'failed', turns: 1, reserved_dollars: 0, failure: { kind: 'RUN_CANCELLED' } }],
    });
    const refusal: unknown = await local!.api.cancelRun({ id: runId }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(Failure);
    expect(refusal).toMatchObject({ kind: 'CONFLICT', message: expect.stringContaining('cancelled') });
    const steps = (await local!.api.listSteps({ id: runId })).steps;
    expect(steps.filter(({ status }) => status === 'running')).toEqual([]);
  });
});

const tryKill = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone.
  }
};
