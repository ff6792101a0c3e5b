import { beforeAll, describe, expect, it } from 'vitest';
import type { Stores } from '../../../src/ports/stores.ts';
import { at, freshTenant, sampleRun, sampleSession, unicode } from './samples.ts';

/** What every store of sessions does: a part of the stores' contract. */
export const describeSessionsContract = (makeSubject: () => Stores | Promise<Stores>): void => {
  describe('sessions', () => {
    let stores: Stores;
    beforeAll(async () => {
      stores = await makeSubject();
    });

    it('keeps the last state of a session', async () => {
      const run = sampleRun(freshTenant());
      await stores.sessions.put(sampleSession(run));
      const ended = sampleSession(run, {
        status: 'failed',
        turns: 9,
        ended_at: at(20),
        failure: { kind: 'MODEL_REFUSED', message: unicode },
      });
      await stores.sessions.put(ended);
      expect(await stores.sessions.get(run.tenant, run.run_id, 'cataloging')).toEqual(ended);
      expect(await stores.sessions.get(run.tenant, run.run_id, 'catalog')).toBeUndefined();
    });

    it('lists sessions in the order of their start', async () => {
      const run = sampleRun(freshTenant());
      const starts = { zebra: 1, ant: 3, mole: 2, bee: 2 };
      for (const [agent, second] of Object.entries(starts))
        await stores.sessions.put(sampleSession(run, { agent, started_at: at(second) }));
      const sessions = await stores.sessions.list(run.tenant, run.run_id);
      expect(sessions.map(({ agent }) => agent)).toEqual(['zebra', 'bee', 'mole', 'ant']);
    });

    it('shows and changes nothing for another tenant who knows the run', async () => {
      const run = sampleRun(freshTenant());
      const { run_id } = run;
      const stranger = freshTenant();
      await stores.sessions.put(sampleSession(run));
      expect(await stores.sessions.get(stranger, run_id, 'cataloging')).toBeUndefined();
      expect(await stores.sessions.list(stranger, run_id)).toEqual([]);
      await stores.sessions.put(sampleSession({ ...run, tenant: stranger }, { turns: 99 }));
      expect(await stores.sessions.list(run.tenant, run_id)).toEqual([sampleSession(run)]);
    });
  });
};
