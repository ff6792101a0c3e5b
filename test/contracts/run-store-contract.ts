import { createHash, randomUUID } from 'node:crypto';
import { ulid } from 'ulid';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AgentSession } from '../../src/contracts/agent.ts';
import type { Evidence } from '../../src/contracts/evidence.ts';
import type { Run } from '../../src/contracts/run.ts';
import type { Lease } from '../../src/contracts/sandbox.ts';
import type { Step } from '../../src/contracts/step.ts';
import type { RunStore, Settlement } from '../../src/ports/run-store.ts';

const at = (second: number): string => new Date(Date.UTC(2026, 0, 31, 12, 0, second)).toISOString();
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A tenant that no other test uses, because the subjects of one suite may share a store. */
export const freshTenant = (): string => `t-${randomUUID().slice(0, 13)}`;

/** Run ids in ascending order, whatever the clock does. */
export const runIds = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => ulid(Date.UTC(2026, 0, 31) + index));

export const sampleRun = (tenant: string, changes: Partial<Run> = {}): Run => ({
  tenant,
  run_id: ulid(),
  chain: { name: 'catalog', version: 1 },
  status: 'running',
  source: { kind: 'dataset', label: 'ecommerce', engine: 'files' },
  s3_prefix: 'reports/shop',
  timestamp: '2026-01-31T12-00-00Z',
  budget: { dollars: 0.1 + 0.2, turns: 7 },
  created_at: at(0),
  reports: [],
  ...changes,
});

const sampleSession = (run: Run, changes: Partial<AgentSession> = {}): AgentSession => ({
  tenant: run.tenant,
  run_id: run.run_id,
  agent: 'cataloging',
  status: 'running',
  model: 'some-model',
  prompt_version: 3,
  prompt_hash: sha256('prompt'),
  budget: { tokens: 100_000, dollars: 1.5, turns: 20, statements: 50, seconds: 600 },
  turns: 2,
  statements: 5,
  usage: { input_tokens: 10, output_tokens: 20, cache_read_tokens: 30, cache_write_tokens: 40, dollars: 0.012_345_6 },
  reserved_dollars: 0.25,
  wrap_up_told: false,
  report_submitted: false,
  started_at: at(1),
  ...changes,
});

const sampleEvidence = (text: string, changes: Partial<Evidence> = {}): Evidence => ({
  evidence_id: `e${sha256(text).slice(0, 12)}`,
  kind: 'sql',
  origin: 'tool',
  agent: 'cataloging',
  text,
  verdict: 'ran',
  result_hash: sha256(`${text} result`),
  rows: 3,
  bytes: 120,
  preview: 'n\n3',
  started_at: at(2),
  milliseconds: 1.25,
  ...changes,
});

const sampleStep = (number: number, changes: Partial<Step> = {}): Step => ({
  step_id: String(number).padStart(6, '0'),
  name: `state ${number}`,
  kind: 'control',
  status: 'succeeded',
  started_at: at(number % 60),
  ended_at: at((number % 60) + 1),
  ...changes,
});

const sampleLease = (run: Run, changes: Partial<Lease> = {}): Lease => ({
  tenant: run.tenant,
  run_id: run.run_id,
  lease_id: 'lease-1',
  address: '/tmp/a.sock',
  token: 'x'.repeat(43),
  ...changes,
});

const succeeded: Settlement = { status: 'succeeded', ended_at: at(30) };
const unicode = 'Bestellungen für 株式会社 👩‍👧 "quoted" \\ back\nline\ttab \u0000 null';

/** What every run store does. The store may hold other runs; each test uses tenants of its own. */
export const describeRunStoreContract = (name: string, makeSubject: () => RunStore | Promise<RunStore>): void => {
  describe(`${name} as a run store`, () => {
    let store: RunStore;
    beforeAll(async () => {
      store = await makeSubject();
    });

    const created = async (changes: Partial<Run> = {}, tenant = freshTenant()): Promise<Run> => {
      const run = sampleRun(tenant, changes);
      await store.createRun(run);
      return run;
    };

    describe('runs', () => {
      it('gives back a run as it was created', async () => {
        const run = await created({ tables: ['orders', unicode], source: { kind: 'inline', label: unicode, engine: 'x' } });
        expect(await store.getRun(run.tenant, run.run_id)).toEqual(run);
      });

      it('knows no run that was not created', async () => {
        expect(await store.getRun(freshTenant(), ulid())).toBeUndefined();
      });

      it('refuses a second run of the same id and keeps the first', async () => {
        const run = await created();
        await expect(store.createRun({ ...run, s3_prefix: 'elsewhere' })).rejects.toMatchObject({ kind: 'CONFLICT' });
        expect(await store.getRun(run.tenant, run.run_id)).toEqual(run);
      });

      it('creates a run exactly once when it is asked twenty times at once', async () => {
        const run = sampleRun(freshTenant());
        const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => store.createRun(run)));
        expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      });

      it('records the execution and leaves everything else as it was', async () => {
        const run = await created();
        await store.setExecution(run.tenant, run.run_id, 'arn:execution');
        expect(await store.getRun(run.tenant, run.run_id)).toEqual({ ...run, execution_id: 'arn:execution' });
      });

      it('adds reports in the order of the agents’ names and replaces the one of the same agent', async () => {
        const run = await created();
        const report = (agent: string, key: string) => ({ agent, html_key: `${key}.html`, json_key: `${key}.json` });
        await store.addReport(run.tenant, run.run_id, report('summary', 'a'));
        await store.addReport(run.tenant, run.run_id, report('cataloging', 'b'));
        await store.addReport(run.tenant, run.run_id, report('summary', 'c'));
        expect((await store.getRun(run.tenant, run.run_id))?.reports).toEqual([
          report('cataloging', 'b'),
          report('summary', 'c'),
        ]);
      });

      it('loses none of twenty reports that are added at once', async () => {
        const run = await created();
        const agents = Array.from({ length: 20 }, (_, index) => `agent-${String(index).padStart(2, '0')}`);
        await Promise.all(
          agents.map((agent) => store.addReport(run.tenant, run.run_id, { agent, html_key: 'h', json_key: 'j' })),
        );
        expect((await store.getRun(run.tenant, run.run_id))?.reports.map(({ agent }) => agent)).toEqual(agents);
      });

      it('adds nothing to a run that does not exist, and does not make one', async () => {
        const tenant = freshTenant();
        const runId = ulid();
        await expect(store.setExecution(tenant, runId, 'x')).rejects.toMatchObject({ kind: 'NOT_FOUND' });
        await expect(
          store.addReport(tenant, runId, { agent: 'a', html_key: 'h', json_key: 'j' }),
        ).rejects.toMatchObject({ kind: 'NOT_FOUND' });
        expect(await store.settleRun(tenant, runId, succeeded)).toBe(false);
        expect(await store.getRun(tenant, runId)).toBeUndefined();
      });
    });

    describe('settling', () => {
      it('ends a running run with its failure', async () => {
        const run = await created();
        const failure = { kind: 'TABLE_NOT_FOUND', message: unicode, where: 'orders' };
        const settlement: Settlement = { status: 'failed', ended_at: at(9), failure };
        expect(await store.settleRun(run.tenant, run.run_id, settlement)).toBe(true);
        expect(await store.getRun(run.tenant, run.run_id)).toEqual({ ...run, ...settlement });
      });

      it('changes nothing the second time', async () => {
        const run = await created();
        await store.settleRun(run.tenant, run.run_id, succeeded);
        const again = await store.settleRun(run.tenant, run.run_id, { status: 'failed', ended_at: at(59) });
        expect(again).toBe(false);
        expect(await store.getRun(run.tenant, run.run_id)).toEqual({ ...run, ...succeeded });
      });

      it('lets exactly one of twenty concurrent settlements through, and keeps that one', async () => {
        const run = await created();
        const settlements = Array.from({ length: 20 }, (_, index): Settlement => ({
          status: index % 2 === 0 ? 'succeeded' : 'failed',
          ended_at: at(index),
        }));
        const settled = await Promise.all(
          settlements.map((settlement) => store.settleRun(run.tenant, run.run_id, settlement)),
        );
        expect(settled.filter(Boolean)).toHaveLength(1);
        const winner = settlements[settled.indexOf(true)];
        expect(await store.getRun(run.tenant, run.run_id)).toEqual({ ...run, ...winner });
      });

      it('keeps a report that is added while the run is settled', async () => {
        const run = await created();
        const report = { agent: 'summary', html_key: 'h', json_key: 'j' };
        await Promise.all([
          store.addReport(run.tenant, run.run_id, report),
          store.settleRun(run.tenant, run.run_id, succeeded),
          store.setExecution(run.tenant, run.run_id, 'e'),
        ]);
        expect(await store.getRun(run.tenant, run.run_id)).toEqual({
          ...run,
          ...succeeded,
          execution_id: 'e',
          reports: [report],
        });
      });
    });

    describe('lists of runs', () => {
      it('pages through all runs of a tenant, newest first, each once', async () => {
        const tenant = freshTenant();
        const ids = runIds(7);
        for (const run_id of [3, 0, 6, 1, 5, 2, 4].map((index) => ids[index]!)) await created({ run_id }, tenant);
        const seen: string[][] = [];
        let cursor: string | undefined;
        for (let page = 0; page < 10; page += 1) {
          const { items, next_cursor } = await store.listRuns(tenant, { limit: 3, cursor });
          seen.push(items.map(({ run_id }) => run_id));
          cursor = next_cursor;
          if (cursor === undefined) break;
        }
        const newestFirst = ids.toReversed();
        expect(seen).toEqual([newestFirst.slice(0, 3), newestFirst.slice(3, 6), newestFirst.slice(6)]);
      });

      it('gives no cursor where the page ends with the last run', async () => {
        const tenant = freshTenant();
        for (const run_id of runIds(2)) await created({ run_id }, tenant);
        const page = await store.listRuns(tenant, { limit: 2 });
        expect(page.items).toHaveLength(2);
        expect(page.next_cursor).toBeUndefined();
      });

      it('gives an empty page to a tenant without runs', async () => {
        expect(await store.listRuns(freshTenant(), { limit: 10 })).toEqual({ items: [] });
      });

      it.each(['', 'x', '../..', 'eyJhIjoxfQ==', ulid(), `${ulid()}000000000000`, "' or 1=1 --"])(
        'refuses the cursor %j, which it did not give',
        async (cursor) => {
          const tenant = freshTenant();
          await created({}, tenant);
          await expect(store.listRuns(tenant, { limit: 1, cursor })).rejects.toMatchObject({ kind: 'INVALID_REQUEST' });
        },
      );

      it('refuses a cursor that was given to another tenant', async () => {
        const [mine, theirs] = [freshTenant(), freshTenant()];
        for (const run_id of runIds(3)) {
          await created({ run_id }, mine);
          await created({ run_id }, theirs);
        }
        const { next_cursor } = await store.listRuns(theirs, { limit: 1 });
        expect(next_cursor).toBeDefined();
        await expect(store.listRuns(mine, { limit: 1, cursor: next_cursor })).rejects.toMatchObject({
          kind: 'INVALID_REQUEST',
        });
      });

      it('lists running runs of all tenants, and none that is settled', async () => {
        const [one, two] = [await created(), await created()];
        const ended = await created();
        await store.settleRun(ended.tenant, ended.run_id, succeeded);
        const running = await store.listRunning();
        const of = (run: Run) => running.filter(({ tenant }) => tenant === run.tenant);
        expect([of(one), of(two), of(ended)]).toEqual([[one], [two], []]);
      });
    });

    describe('the previous run', () => {
      const settledRun = async (tenant: string, run_id: string, s3_prefix: string, status: Settlement['status']) => {
        await created({ run_id, s3_prefix }, tenant);
        await store.settleRun(tenant, run_id, { status, ended_at: at(40) });
      };

      it('is the newest succeeded one under the same prefix that is older than the given one', async () => {
        const tenant = freshTenant();
        const [first, second, failed, elsewhere, longer, running, current, later] = runIds(8);
        // Not in the order of their ids: what counts is the id, not when a run was written.
        await settledRun(tenant, second!, 'a/b', 'succeeded');
        await settledRun(tenant, first!, 'a/b', 'succeeded');
        await settledRun(tenant, failed!, 'a/b', 'failed');
        await settledRun(tenant, elsewhere!, 'a', 'succeeded');
        await settledRun(tenant, longer!, 'a/b/c', 'succeeded');
        await created({ run_id: running!, s3_prefix: 'a/b' }, tenant);
        await created({ run_id: current!, s3_prefix: 'a/b' }, tenant);
        await settledRun(tenant, later!, 'a/b', 'succeeded');
        const previousOf = async (runId: string) => (await store.findPreviousRun(tenant, 'a/b', runId))?.run_id;
        expect(await previousOf(current!)).toBe(second);
        expect(await previousOf(second!)).toBe(first);
        expect(await previousOf(first!)).toBeUndefined();
        expect(await store.findPreviousRun(tenant, 'never-used', current!)).toBeUndefined();
      });

      it('is never one of another tenant', async () => {
        const [mine, theirs] = [freshTenant(), freshTenant()];
        const [older, current] = runIds(2);
        await settledRun(theirs, older!, 'same', 'succeeded');
        expect(await store.findPreviousRun(mine, 'same', current!)).toBeUndefined();
      });
    });

    describe('sessions and node results', () => {
      it('keeps the last state of a session', async () => {
        const run = await created();
        await store.putSession(sampleSession(run));
        const ended = sampleSession(run, {
          status: 'failed',
          turns: 9,
          ended_at: at(20),
          failure: { kind: 'MODEL_REFUSED', message: unicode },
        });
        await store.putSession(ended);
        expect(await store.getSession(run.tenant, run.run_id, 'cataloging')).toEqual(ended);
        expect(await store.getSession(run.tenant, run.run_id, 'catalog')).toBeUndefined();
      });

      it('lists sessions in the order of their start', async () => {
        const run = await created();
        const starts = { zebra: 1, ant: 3, mole: 2, bee: 2 };
        for (const [agent, second] of Object.entries(starts))
          await store.putSession(sampleSession(run, { agent, started_at: at(second) }));
        const sessions = await store.listSessions(run.tenant, run.run_id);
        expect(sessions.map(({ agent }) => agent)).toEqual(['zebra', 'bee', 'mole', 'ant']);
      });

      it('keeps the last result of a node', async () => {
        const run = await created();
        const { tenant, run_id } = run;
        const result = { tenant, run_id, node: 'profile', object_key: unicode, recorded_at: at(3) };
        await store.putNodeResult({ ...result, input_hash: sha256('one') });
        await store.putNodeResult({ ...result, input_hash: sha256('two') });
        expect(await store.getNodeResult(tenant, run_id, 'profile')).toEqual({ ...result, input_hash: sha256('two') });
        expect(await store.getNodeResult(tenant, run_id, 'summary')).toBeUndefined();
      });
    });

    describe('evidence', () => {
      it('comes in the order of its numbers, however it was added', async () => {
        const { tenant, run_id } = await created();
        const evidence = Array.from({ length: 120 }, (_, index) => ({
          number: index + 1,
          evidence: sampleEvidence(`select ${index} -- ${unicode}`),
        }));
        await store.addEvidence(tenant, run_id, evidence.slice(60).toReversed());
        await store.addEvidence(tenant, run_id, evidence.slice(0, 60));
        expect(await store.listEvidence(tenant, run_id)).toEqual(evidence);
      });

      it('is added once when the same is sent again, and cannot be rewritten', async () => {
        const { tenant, run_id } = await created();
        const [first, second] = [sampleEvidence('select 1'), sampleEvidence('select 2')];
        await store.addEvidence(tenant, run_id, [{ number: 1, evidence: first }]);
        await store.addEvidence(tenant, run_id, [
          { number: 1, evidence: sampleEvidence('select 1 -- with another result') },
          { number: 2, evidence: second },
        ]);
        await Promise.all(
          Array.from({ length: 20 }, () => store.addEvidence(tenant, run_id, [{ number: 2, evidence: second }])),
        );
        expect(await store.listEvidence(tenant, run_id)).toEqual([
          { number: 1, evidence: first },
          { number: 2, evidence: second },
        ]);
      });

      it('may have a text of a megabyte', async () => {
        const { tenant, run_id } = await created();
        const lines = Array.from({ length: 20_000 }, (_, index) => `x_${index} = "ü${index * 7919} 株"  # ${index}`);
        const evidence = sampleEvidence(lines.join('\n'), { kind: 'python' });
        expect(Buffer.byteLength(evidence.text)).toBeGreaterThan(600_000);
        await store.addEvidence(tenant, run_id, [{ number: 1, evidence }]);
        expect(await store.listEvidence(tenant, run_id)).toEqual([{ number: 1, evidence }]);
      });

      it('is read whole where it is several megabytes together', async () => {
        const { tenant, run_id } = await created();
        const evidence = Array.from({ length: 30 }, (_, index) => ({
          number: index + 1,
          evidence: sampleEvidence(`${index}${'y'.repeat(150_000)}`),
        }));
        await store.addEvidence(tenant, run_id, evidence);
        expect(await store.listEvidence(tenant, run_id)).toEqual(evidence);
      });

      it('may be none', async () => {
        const { tenant, run_id } = await created();
        await store.addEvidence(tenant, run_id, []);
        expect(await store.listEvidence(tenant, run_id)).toEqual([]);
      });
    });

    describe('steps', () => {
      it('are none until they are put', async () => {
        const { tenant, run_id } = await created();
        expect(await store.listSteps(tenant, run_id)).toEqual([]);
      });

      it('come in the order of their start, however they were put', async () => {
        const { tenant, run_id } = await created();
        const steps = [1, 2, 3].map((number) => sampleStep(number, { detail: unicode, tokens: number, dollars: 0.1 }));
        await store.putSteps(tenant, run_id, [steps[2]!, steps[0]!, steps[1]!]);
        expect(await store.listSteps(tenant, run_id)).toEqual(steps);
      });

      it('are replaced as a whole, also many by few and few by none', async () => {
        const { tenant, run_id } = await created();
        const many = Array.from({ length: 12_000 }, (_, index) =>
          sampleStep(index, { detail: sha256(String(index)), failure: { kind: 'INTERNAL', message: sha256(`m${index}`) } }),
        );
        await store.putSteps(tenant, run_id, many);
        expect(await store.listSteps(tenant, run_id)).toEqual(many);
        const few = [sampleStep(7)];
        await store.putSteps(tenant, run_id, few);
        expect(await store.listSteps(tenant, run_id)).toEqual(few);
        await store.putSteps(tenant, run_id, []);
        expect(await store.listSteps(tenant, run_id)).toEqual([]);
      });
    });

    describe('leases and API keys', () => {
      it('keeps one lease a run until it is deleted', async () => {
        const run = await created();
        const { tenant, run_id } = run;
        await store.putLease(sampleLease(run));
        const next = sampleLease(run, { lease_id: 'lease-2', token: 'z'.repeat(43) });
        await store.putLease(next);
        expect(await store.getLease(tenant, run_id)).toEqual(next);
        await store.deleteLease(tenant, run_id);
        expect(await store.getLease(tenant, run_id)).toBeUndefined();
        await store.deleteLease(tenant, run_id);
      });

      it('finds an API key by its hash alone, and only by the whole of it', async () => {
        const key = { hash: sha256(randomUUID()), tenant: freshTenant(), role: 'reader', label: unicode } as const;
        await store.putApiKey({ ...key, created_at: at(0) });
        const replaced = { ...key, role: 'operator', created_at: at(1) } as const;
        await store.putApiKey(replaced);
        expect(await store.findApiKey(key.hash)).toEqual(replaced);
        expect(await store.findApiKey(key.hash.slice(0, 63))).toBeUndefined();
        expect(await store.findApiKey(sha256(randomUUID()))).toBeUndefined();
      });
    });

    describe('another tenant', () => {
      /** One tenant's run with everything that can belong to a run, and another tenant who knows its id. */
      const scene = async () => {
        const mine = await created({ s3_prefix: 'same' });
        const { tenant, run_id } = mine;
        await store.putSession(sampleSession(mine));
        await store.putNodeResult({
          tenant,
          run_id,
          node: 'profile',
          input_hash: sha256('x'),
          object_key: 'k',
          recorded_at: at(1),
        });
        await store.addEvidence(tenant, run_id, [{ number: 1, evidence: sampleEvidence('select 1') }]);
        await store.putSteps(tenant, run_id, [sampleStep(1)]);
        await store.putLease(sampleLease(mine));
        return { mine, stranger: freshTenant() };
      };
      const everythingOf = async ({ tenant, run_id }: Run) => ({
        run: await store.getRun(tenant, run_id),
        runs: await store.listRuns(tenant, { limit: 10 }),
        session: await store.getSession(tenant, run_id, 'cataloging'),
        sessions: await store.listSessions(tenant, run_id),
        result: await store.getNodeResult(tenant, run_id, 'profile'),
        evidence: await store.listEvidence(tenant, run_id),
        steps: await store.listSteps(tenant, run_id),
        lease: await store.getLease(tenant, run_id),
      });

      it('reads nothing of a run whose id it knows', async () => {
        const { mine, stranger } = await scene();
        expect(await everythingOf({ ...mine, tenant: stranger })).toEqual({
          run: undefined,
          runs: { items: [] },
          session: undefined,
          sessions: [],
          result: undefined,
          evidence: [],
          steps: [],
          lease: undefined,
        });
      });

      it('changes nothing of a run whose id it knows', async () => {
        const { mine, stranger } = await scene();
        const before = await everythingOf(mine);
        const { run_id } = mine;
        const theirs = { ...mine, tenant: stranger };
        expect(await store.settleRun(stranger, run_id, succeeded)).toBe(false);
        await expect(store.setExecution(stranger, run_id, 'x')).rejects.toMatchObject({ kind: 'NOT_FOUND' });
        await expect(
          store.addReport(stranger, run_id, { agent: 'a', html_key: 'h', json_key: 'j' }),
        ).rejects.toMatchObject({ kind: 'NOT_FOUND' });
        await store.putSession(sampleSession(theirs, { turns: 99 }));
        await store.putNodeResult({ ...before.result!, tenant: stranger, object_key: 'theirs' });
        await store.addEvidence(stranger, run_id, [{ number: 2, evidence: sampleEvidence('select 2') }]);
        await store.putSteps(stranger, run_id, [sampleStep(2)]);
        await store.putLease(sampleLease(theirs, { token: 's'.repeat(43) }));
        await store.deleteLease(stranger, run_id);
        expect(await everythingOf(mine)).toEqual(before);
      });

      it('may have a run of the same id, and each keeps its own', async () => {
        const { mine, stranger } = await scene();
        const theirs = await created({ run_id: mine.run_id, s3_prefix: 'same' }, stranger);
        await store.settleRun(stranger, theirs.run_id, succeeded);
        expect((await store.getRun(mine.tenant, mine.run_id))?.status).toBe('running');
        expect((await store.getRun(stranger, mine.run_id))?.status).toBe('succeeded');
      });

      it('cannot spell its way into a run by its own name', async () => {
        const { mine } = await scene();
        const { tenant, run_id } = mine;
        const spellings = [`${tenant}#RUN#${run_id}`, `${tenant}%`, `${tenant}' or '1'='1`, `${tenant}/`, '*', ''];
        for (const spelling of spellings) {
          // Either answer will do: refused, or nothing found.
          const read = await Promise.allSettled([
            store.getRun(spelling, run_id),
            store.getLease(spelling, run_id),
            store.listEvidence(spelling, run_id).then((list) => list[0]),
            store.listRuns(spelling, { limit: 5 }).then(({ items }) => items[0]),
            store.getSession(spelling, '', 'cataloging'),
          ]);
          expect(read.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []))).toEqual(
            read.flatMap((answer) => (answer.status === 'fulfilled' ? [undefined] : [])),
          );
        }
      });
    });
  });
};
