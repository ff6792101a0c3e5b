import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Run } from '../../src/contracts/run.ts';
import type { RunStore } from '../../src/ports/run-store.ts';
import { describeConnectionsContract } from './run-store-connections-contract.ts';
import { describeRequestsContract } from './run-store-requests-contract.ts';
import { describeRunsContract } from './run-store-runs-contract.ts';
import {
  at,
  freshTenant,
  sampleEvidence,
  sampleLease,
  sampleRun,
  sampleSession,
  sampleStep,
  sha256,
  succeeded,
  unicode,
} from './run-store-samples.ts';

/** What every run store does. The store may hold other runs; each test uses tenants of its own. */
export const describeRunStoreContract = (name: string, makeSubject: () => RunStore | Promise<RunStore>): void => {
  describe(`${name} as a run store`, () => {
    describeRunsContract(makeSubject);
    describeConnectionsContract(makeSubject);
    describeRequestsContract(makeSubject);

    let store: RunStore;
    beforeAll(async () => {
      store = await makeSubject();
    });

    const created = async (changes: Partial<Run> = {}, tenant = freshTenant()): Promise<Run> => {
      const run = sampleRun(tenant, changes);
      await store.createRun(run);
      return run;
    };

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
          sampleStep(index, {
            detail: sha256(String(index)),
            failure: { kind: 'INTERNAL', message: sha256(`m${index}`) },
          }),
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
        expect(await store.reopenRun(stranger, run_id, { attempt: 2 })).toBe(false);
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
