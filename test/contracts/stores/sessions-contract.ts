import { beforeAll, describe, expect, it } from 'vitest';
import type { Run } from '../../../src/contracts/run.ts';
import type { Stores } from '../../../src/ports/stores.ts';
import { at, freshTenant, sampleAct, sampleRun, sampleSession, succeeded, unicode } from './samples.ts';

/** What every store of sessions does: a part of the stores' contract. */
export const describeSessionsContract = (makeSubject: () => Stores | Promise<Stores>): void => {
  describe('sessions', () => {
    let stores: Stores;
    beforeAll(async () => {
      stores = await makeSubject();
    });

    const created = async (tenant = freshTenant()): Promise<Run> => {
      const run = sampleRun(tenant);
      await stores.runs.create(run);
      return run;
    };
    const failed = {
      status: 'failed',
      ended_at: at(20),
      failure: { kind: 'RUN_CANCELLED', message: unicode },
    } as const;

    it('keeps the last state of a session', async () => {
      const run = await created();
      expect(await stores.sessions.begin(sampleSession(run))).toBe(true);
      expect(await stores.sessions.begin(sampleSession(run, { turns: 0 }))).toBe(true);
      expect(await stores.sessions.put(sampleSession(run, { turns: 8 }))).toBe(true);
      const ended = sampleSession(run, { ...failed, turns: 9 });
      expect(await stores.sessions.put(ended)).toBe(true);
      expect(await stores.sessions.get(run.tenant, run.run_id, 'cataloging')).toEqual(ended);
      expect(await stores.sessions.get(run.tenant, run.run_id, 'catalog')).toBeUndefined();
    });

    it('replaces none whose held calls are others than those that were seen', async () => {
      const run = await created();
      const session = sampleSession(run);
      const tokens = { input_tokens: 0, output_tokens: 4_000, cache_read_tokens: 0, cache_write_tokens: 812 };
      const call = { call: 'one', turn: 1, tokens, dollars: 0.04203 };
      const held = { ...session, held_calls: [call] };
      await stores.sessions.begin(session);
      expect(await stores.sessions.put({ ...session, turns: 1 }, session)).toBe(true);
      expect(await stores.sessions.put(held, session)).toBe(true);
      expect(await stores.sessions.put({ ...session, ...failed }, session)).toBe(false);
      expect(await stores.sessions.put({ ...held, ...failed }, { held_calls: [{ ...call, dollars: 0.05 }] })).toBe(
        false,
      );
      expect(await stores.sessions.get(run.tenant, run.run_id, 'cataloging')).toEqual(held);
      expect(await stores.sessions.put({ ...held, ...failed }, held)).toBe(true);
    });

    it('lists sessions in the order of their start', async () => {
      const run = await created();
      const starts = { zebra: 1, ant: 3, mole: 2, bee: 2 };
      for (const [agent, second] of Object.entries(starts))
        await stores.sessions.begin(sampleSession(run, { agent, started_at: at(second) }));
      const sessions = await stores.sessions.list(run.tenant, run.run_id);
      expect(sessions.map(({ agent }) => agent)).toEqual(['zebra', 'bee', 'mole', 'ant']);
    });

    it('lets nobody who comes late set one running again that has ended, or take its failure from it', async () => {
      const run = await created();
      const session = sampleSession(run);
      await stores.sessions.begin(session);
      const ended = { ...session, ...failed };
      await stores.sessions.put(ended);
      expect(await stores.sessions.put({ ...session, turns: 3 })).toBe(false);
      expect(await stores.sessions.put({ ...session, status: 'succeeded', ended_at: at(30) })).toBe(false);
      expect(await stores.sessions.begin(session)).toBe(false);
      expect(await stores.sessions.get(run.tenant, run.run_id, 'cataloging')).toEqual(ended);
    });

    it('lets nobody of an earlier attempt write into the one that is reopened', async () => {
      const run = await created();
      const session = sampleSession(run);
      await stores.sessions.begin(session);
      await stores.sessions.put({ ...session, ...failed });
      await stores.runs.settle(run.tenant, run.run_id, { attempt: 1, status: 'failed', ended_at: at(21) });
      await stores.runs.reopen(run.tenant, run.run_id, { attempt: 2, act: sampleAct() });
      const reopened = { ...session, attempt: 2, reserved_dollars: 0 };
      expect(await stores.sessions.reopen(reopened)).toBe(true);
      expect(await stores.sessions.put({ ...session, turns: 3 })).toBe(false);
      expect(await stores.sessions.put({ ...session, ...failed })).toBe(false);
      expect(await stores.sessions.begin(session)).toBe(false);
      expect(await stores.sessions.reopen({ ...reopened, turns: 99 })).toBe(false);
      expect(await stores.sessions.get(run.tenant, run.run_id, 'cataloging')).toEqual(reopened);
      expect(await stores.sessions.begin({ ...reopened, turns: 0 })).toBe(true);
      expect(await stores.sessions.put({ ...reopened, turns: 5 })).toBe(true);
    });

    it('begins none in a run that has ended, is in another attempt or is not there, and puts and reopens none that has not begun', async () => {
      const run = await created();
      expect(await stores.sessions.put(sampleSession(run))).toBe(false);
      expect(await stores.sessions.reopen(sampleSession(run, { attempt: 2 }))).toBe(false);
      expect(await stores.sessions.begin(sampleSession(run, { attempt: 2 }))).toBe(false);
      await stores.runs.settle(run.tenant, run.run_id, succeeded);
      expect(await stores.sessions.begin(sampleSession(run))).toBe(false);
      expect(await stores.sessions.begin(sampleSession(sampleRun(run.tenant)))).toBe(false);
      expect(await stores.sessions.list(run.tenant, run.run_id)).toEqual([]);
    });

    it('shows and changes nothing for another tenant who knows the run', async () => {
      const run = await created();
      const { run_id } = run;
      const stranger = freshTenant();
      await stores.sessions.begin(sampleSession(run));
      expect(await stores.sessions.get(stranger, run_id, 'cataloging')).toBeUndefined();
      expect(await stores.sessions.list(stranger, run_id)).toEqual([]);
      const theirs = sampleSession({ ...run, tenant: stranger }, { turns: 99 });
      expect(await stores.sessions.begin(theirs)).toBe(false);
      expect(await stores.sessions.put(theirs)).toBe(false);
      await stores.runs.create({ ...run, tenant: stranger });
      expect(await stores.sessions.begin(theirs)).toBe(true);
      expect(await stores.sessions.list(run.tenant, run_id)).toEqual([sampleSession(run)]);
    });
  });
};
