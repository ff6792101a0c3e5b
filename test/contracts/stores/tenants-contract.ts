import { heldByRun } from '../../../src/contracts/sandbox.ts';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Run } from '../../../src/contracts/run.ts';
import type { Stores } from '../../../src/ports/stores.ts';
import { freshTenant, sampleEvidence, sampleLease, sampleRun, sampleSession, succeeded } from './samples.ts';

/** What no store tells or lets another tenant do: a part of the stores' contract. */
export const describeTenantsContract = (makeSubject: () => Stores | Promise<Stores>): void => {
  describe('another tenant', () => {
    let stores: Stores;
    beforeAll(async () => {
      stores = await makeSubject();
    });

    const created = async (changes: Partial<Run> = {}): Promise<Run> => {
      const run = sampleRun(freshTenant(), changes);
      await stores.runs.create(run);
      return run;
    };

    it('may have a run of the same id, and each keeps its own', async () => {
      const mine = await created();
      const theirs = await created({ run_id: mine.run_id });
      await stores.runs.settle(theirs.tenant, theirs.run_id, succeeded);
      expect((await stores.runs.get(mine.tenant, mine.run_id))?.status).toBe('running');
      expect((await stores.runs.get(theirs.tenant, mine.run_id))?.status).toBe('succeeded');
    });

    it('cannot spell its way into a run by its own name', async () => {
      const mine = await created();
      const { tenant, run_id } = mine;
      await stores.sessions.begin(sampleSession(mine));
      await stores.leases.put(sampleLease(mine));
      await stores.evidence.add(tenant, run_id, [{ number: 1, evidence: sampleEvidence('select 1') }]);
      const spellings = [`${tenant}#RUN#${run_id}`, `${tenant}%`, `${tenant}' or '1'='1`, `${tenant}/`, '*', ''];
      for (const spelling of spellings) {
        // Either answer will do: refused, or nothing found.
        const read = await Promise.allSettled([
          stores.runs.get(spelling, run_id),
          stores.leases.get(spelling, heldByRun(run_id)),
          stores.evidence.list(spelling, run_id).then((list) => list[0]),
          stores.runs.list(spelling, { limit: 5 }).then(({ items }) => items[0]),
          stores.sessions.get(spelling, '', 'cataloging'),
        ]);
        expect(read.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []))).toEqual(
          read.flatMap((answer) => (answer.status === 'fulfilled' ? [undefined] : [])),
        );
      }
    });
  });
};
