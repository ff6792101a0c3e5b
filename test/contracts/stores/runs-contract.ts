import { ulid } from 'ulid';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ReportRef, Run } from '../../../src/contracts/run.ts';
import type { Settlement } from '../../../src/ports/run-store.ts';
import type { Stores } from '../../../src/ports/stores.ts';
import { at, freshTenant, runIds, sampleAct, samplePublish, sampleRun, succeeded, unicode } from './samples.ts';

/** What every store of runs does: a part of the stores' contract. */
export const describeRunsContract = (makeSubject: () => Stores | Promise<Stores>): void => {
  describe('runs', () => {
    let stores: Stores;
    beforeAll(async () => {
      stores = await makeSubject();
    });

    const created = async (changes: Partial<Run> = {}, tenant = freshTenant()): Promise<Run> => {
      const run = sampleRun(tenant, changes);
      await stores.runs.create(run);
      return run;
    };

    describe('one by one', () => {
      it('gives back a run as it was created', async () => {
        const run = await created({
          sources: [
            { name: 'main', kind: 'inline', label: unicode, engine: 'x', tables: ['orders', unicode] },
            { name: 'second', kind: 'connection', label: 'l', engine: 'postgres', connection: 'shop' },
          ],
        });
        expect(await stores.runs.get(run.tenant, run.run_id)).toEqual(run);
      });

      it('knows no run that was not created', async () => {
        expect(await stores.runs.get(freshTenant(), ulid())).toBeUndefined();
      });

      it('refuses a second run of the same id and keeps the first', async () => {
        const run = await created();
        await expect(stores.runs.create({ ...run, publish: samplePublish('elsewhere') })).rejects.toMatchObject({
          kind: 'CONFLICT',
        });
        expect(await stores.runs.get(run.tenant, run.run_id)).toEqual(run);
      });

      it('creates a run exactly once when it is asked twenty times at once', async () => {
        const run = sampleRun(freshTenant());
        const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => stores.runs.create(run)));
        expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      });

      it('records the execution and leaves everything else as it was', async () => {
        const run = await created();
        await stores.runs.setExecution(run.tenant, run.run_id, 1, 'arn:execution');
        const failure = { kind: 'DATABASE_UNREACHABLE', message: 'It is down.' };
        const sources = run.sources.map((source) => ({ ...source, failure }));
        await stores.runs.setSources(run.tenant, run.run_id, 1, sources);
        expect((await stores.runs.get(run.tenant, run.run_id))?.sources).toEqual(sources);
        await stores.runs.setSources(run.tenant, run.run_id, 1, run.sources);
        expect(await stores.runs.get(run.tenant, run.run_id)).toEqual({ ...run, execution_id: 'arn:execution' });
      });

      it('adds reports in the order of the agents’ names and replaces the one of the same agent', async () => {
        const run = await created();
        const report = (agent: string, key: string) => ({ agent, html_key: `${key}.html`, json_key: `${key}.json` });
        await stores.runs.addReport(run.tenant, run.run_id, 1, report('summary', 'a'));
        await stores.runs.addReport(run.tenant, run.run_id, 1, report('cataloging', 'b'));
        await stores.runs.addReport(run.tenant, run.run_id, 1, report('summary', 'c'));
        expect((await stores.runs.get(run.tenant, run.run_id))?.reports).toEqual([
          report('cataloging', 'b'),
          report('summary', 'c'),
        ]);
      });

      it('loses none of twenty reports that are added at once', async () => {
        const run = await created();
        const agents = Array.from({ length: 20 }, (_, index) => `agent-${String(index).padStart(2, '0')}`);
        await Promise.all(
          agents.map((agent) =>
            stores.runs.addReport(run.tenant, run.run_id, 1, { agent, html_key: 'h', json_key: 'j' }),
          ),
        );
        expect((await stores.runs.get(run.tenant, run.run_id))?.reports.map(({ agent }) => agent)).toEqual(agents);
      });

      it('gives back a run that publishes nothing and has no source', async () => {
        const { publish: _, ...rest } = sampleRun(freshTenant(), { sources: [] });
        await stores.runs.create(rest);
        expect(await stores.runs.get(rest.tenant, rest.run_id)).toEqual(rest);
      });

      it('notes who did what with a run, in order, and loses none of twenty that come at once', async () => {
        const run = await created();
        const first = sampleAct({ act: 'cancel', actor: { kind: 'schedule', id: 'nightly' } });
        await stores.runs.addAct(run.tenant, run.run_id, first);
        expect(await stores.runs.get(run.tenant, run.run_id)).toEqual({ ...run, acts: [first] });
        const acts = Array.from({ length: 20 }, (_, index) => sampleAct({ at: at(index) }));
        await Promise.all(acts.map((act) => stores.runs.addAct(run.tenant, run.run_id, act)));
        const kept = (await stores.runs.get(run.tenant, run.run_id))?.acts ?? [];
        expect(kept[0]).toEqual(first);
        expect(kept.map((act) => act.at).toSorted()).toEqual([first, ...acts].map((act) => act.at).toSorted());
      });

      it('adds nothing to a run that does not exist, and does not make one', async () => {
        const tenant = freshTenant();
        const runId = ulid();
        const report = { agent: 'a', html_key: 'h', json_key: 'j' };
        expect(await stores.runs.setExecution(tenant, runId, 1, 'x')).toBe(false);
        expect(await stores.runs.setSources(tenant, runId, 1, [])).toBe(false);
        expect(await stores.runs.addReport(tenant, runId, 1, report)).toBe(false);
        await expect(stores.runs.addAct(tenant, runId, sampleAct())).rejects.toMatchObject({ kind: 'NOT_FOUND' });
        expect(await stores.runs.settle(tenant, runId, succeeded)).toBe(false);
        expect(await stores.runs.get(tenant, runId)).toBeUndefined();
      });
    });

    describe('settling', () => {
      it('ends a running run with its failure', async () => {
        const run = await created();
        const failure = { kind: 'TABLE_NOT_FOUND', message: unicode, where: 'orders' };
        const settlement: Settlement = { attempt: 1, status: 'failed', ended_at: at(9), failure };
        expect(await stores.runs.settle(run.tenant, run.run_id, settlement)).toBe(true);
        expect(await stores.runs.get(run.tenant, run.run_id)).toEqual({ ...run, ...settlement });
      });

      it('changes nothing the second time', async () => {
        const run = await created();
        await stores.runs.settle(run.tenant, run.run_id, succeeded);
        const again = await stores.runs.settle(run.tenant, run.run_id, {
          attempt: 1,
          status: 'failed',
          ended_at: at(59),
        });
        expect(again).toBe(false);
        expect(await stores.runs.get(run.tenant, run.run_id)).toEqual({ ...run, ...succeeded });
      });

      it('lets exactly one of twenty concurrent settlements through, and keeps that one', async () => {
        const run = await created();
        const settlements = Array.from({ length: 20 }, (_, index): Settlement => ({
          attempt: 1,
          status: index % 2 === 0 ? 'succeeded' : 'failed',
          ended_at: at(index),
        }));
        const settled = await Promise.all(
          settlements.map((settlement) => stores.runs.settle(run.tenant, run.run_id, settlement)),
        );
        expect(settled.filter(Boolean)).toHaveLength(1);
        const winner = settlements[settled.indexOf(true)];
        expect(await stores.runs.get(run.tenant, run.run_id)).toEqual({ ...run, ...winner });
      });

      it('keeps a report that is added while the run is settled, or says that it came too late', async () => {
        const run = await created();
        const report = { agent: 'summary', html_key: 'h', json_key: 'j' };
        const [added] = await Promise.all([
          stores.runs.addReport(run.tenant, run.run_id, 1, report),
          stores.runs.settle(run.tenant, run.run_id, succeeded),
          stores.runs.setExecution(run.tenant, run.run_id, 1, 'e'),
        ]);
        expect(await stores.runs.get(run.tenant, run.run_id)).toEqual({
          ...run,
          ...succeeded,
          execution_id: 'e',
          reports: added ? [report] : [],
        });
      });

      it('takes nothing more from an attempt that has ended, and nothing of it into the next', async () => {
        const run = await created();
        const { tenant, run_id } = run;
        const late = async (): Promise<readonly boolean[]> => [
          await stores.runs.setSources(tenant, run_id, 1, []),
          await stores.runs.addReport(tenant, run_id, 1, { agent: 'late', html_key: 'h', json_key: 'j' }),
        ];
        await stores.runs.settle(tenant, run_id, { attempt: 1, status: 'cancelled', ended_at: at(9) });
        expect(await late()).toEqual([false, false]);
        // A short execution may have ended before who started it has noted it.
        expect(await stores.runs.setExecution(tenant, run_id, 1, 'first')).toBe(true);
        await stores.runs.reopen(tenant, run_id, { attempt: 2, act: sampleAct() });
        const reopened = await stores.runs.get(tenant, run_id);
        expect(await late()).toEqual([false, false]);
        expect(await stores.runs.setExecution(tenant, run_id, 1, 'first')).toBe(false);
        expect(await stores.runs.settle(tenant, run_id, succeeded)).toBe(false);
        expect(await stores.runs.get(tenant, run_id)).toEqual(reopened);
        expect(await stores.runs.settle(tenant, run_id, { ...succeeded, attempt: 2 })).toBe(true);
      });
    });

    describe('reopening', () => {
      const endings = ['failed', 'cancelled', 'timed_out', 'budget_exceeded', 'interrupted'] as const;
      const ended = async (
        status: Settlement['status'],
        changes: Partial<Run> = {},
        report?: ReportRef,
      ): Promise<Run> => {
        const run = await created(changes);
        if (report !== undefined) await stores.runs.addReport(run.tenant, run.run_id, 1, report);
        await stores.runs.setExecution(run.tenant, run.run_id, 1, 'first execution');
        const failure = { kind: 'DATABASE_LOST', message: unicode };
        await stores.runs.settle(run.tenant, run.run_id, { attempt: 1, status, ended_at: at(9), failure });
        return run;
      };
      const reopen = (run: Run, attempt: number) =>
        stores.runs.reopen(run.tenant, run.run_id, { attempt, act: sampleAct() });

      it.each(endings)('sets a run that is %s running again, without its end and its execution', async (status) => {
        const report = { agent: 'cataloging', html_key: 'h', json_key: 'j' };
        const run = await ended(status, {}, report);
        expect(await reopen(run, 2)).toBe(true);
        expect(await stores.runs.get(run.tenant, run.run_id)).toEqual({
          ...run,
          attempt: 2,
          acts: [sampleAct()],
          reports: [report],
        });
        const running = await stores.runs.listRunning();
        expect(running.filter(({ tenant }) => tenant === run.tenant)).toHaveLength(1);
      });

      it('replaces the budget where one is given, and keeps it else', async () => {
        const run = await ended('budget_exceeded', { budget: { dollars: 1, turns: 7 } });
        expect(
          await stores.runs.reopen(run.tenant, run.run_id, { attempt: 2, act: sampleAct(), budget: { dollars: 5 } }),
        ).toBe(true);
        expect((await stores.runs.get(run.tenant, run.run_id))?.budget).toEqual({ dollars: 5 });
        await stores.runs.settle(run.tenant, run.run_id, { attempt: 2, status: 'failed', ended_at: at(10) });
        await reopen(run, 3);
        expect((await stores.runs.get(run.tenant, run.run_id))?.budget).toEqual({ dollars: 5 });
      });

      it('leaves a run alone that is running, has succeeded, or is not there', async () => {
        const running = await created();
        const done = await ended('succeeded');
        const before = await stores.runs.get(done.tenant, done.run_id);
        expect(await reopen(running, 2)).toBe(false);
        expect(await reopen(done, 2)).toBe(false);
        expect(await reopen(sampleRun(freshTenant()), 2)).toBe(false);
        expect(await stores.runs.get(running.tenant, running.run_id)).toEqual(running);
        expect(await stores.runs.get(done.tenant, done.run_id)).toEqual(before);
      });

      it('takes the next attempt alone, so that who has seen an older end comes too late', async () => {
        const run = await ended('failed');
        await reopen(run, 2);
        await stores.runs.settle(run.tenant, run.run_id, { attempt: 2, status: 'failed', ended_at: at(20) });
        expect(await reopen(run, 2)).toBe(false);
        expect(await reopen(run, 4)).toBe(false);
        expect(await reopen(run, 3)).toBe(true);
      });

      it('lets exactly one of twenty who ask at once do it', async () => {
        const run = await ended('interrupted');
        const asked = await Promise.all(Array.from({ length: 20 }, () => reopen(run, 2)));
        expect(asked.filter(Boolean)).toHaveLength(1);
        expect((await stores.runs.get(run.tenant, run.run_id))?.attempt).toBe(2);
      });

      it('can be followed by a success, which is then the previous run of its prefix', async () => {
        const [first, second] = runIds(2);
        const run = await ended('failed', { run_id: first! });
        await reopen(run, 2);
        await stores.runs.settle(run.tenant, run.run_id, { ...succeeded, attempt: 2 });
        expect(await stores.runs.get(run.tenant, run.run_id)).toEqual({
          ...run,
          ...succeeded,
          attempt: 2,
          acts: [sampleAct()],
        });
        expect((await stores.runs.findPrevious(run.tenant, 'reports/shop', second!))?.run_id).toBe(first);
      });
    });

    describe('another tenant', () => {
      it('reads and changes nothing of a run whose id it knows', async () => {
        const mine = await created();
        const { run_id } = mine;
        const stranger = freshTenant();
        const report = { agent: 'a', html_key: 'h', json_key: 'j' };
        expect(await stores.runs.get(stranger, run_id)).toBeUndefined();
        expect(await stores.runs.list(stranger, { limit: 10 })).toEqual({ items: [] });
        expect(await stores.runs.settle(stranger, run_id, succeeded)).toBe(false);
        expect(await stores.runs.reopen(stranger, run_id, { attempt: 2, act: sampleAct() })).toBe(false);
        expect(await stores.runs.setExecution(stranger, run_id, 1, 'x')).toBe(false);
        expect(await stores.runs.setSources(stranger, run_id, 1, [])).toBe(false);
        expect(await stores.runs.addReport(stranger, run_id, 1, report)).toBe(false);
        await expect(stores.runs.addAct(stranger, run_id, sampleAct())).rejects.toMatchObject({ kind: 'NOT_FOUND' });
        expect(await stores.runs.get(mine.tenant, run_id)).toEqual(mine);
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
          const { items, next_cursor } = await stores.runs.list(tenant, { limit: 3, cursor });
          seen.push(items.map(({ run_id }) => run_id));
          cursor = next_cursor;
          if (cursor === undefined) break;
        }
        const newestFirst = ids.toReversed();
        expect(seen).toEqual([newestFirst.slice(0, 3), newestFirst.slice(3, 6), newestFirst.slice(6)]);
      });

      it('pages through the runs under some prefixes alone, each once', async () => {
        const tenant = freshTenant();
        const prefixes = ['a', 'a/b', 'ab', 'a_b', 'a%', 'b/a', 'a/b/c', 'c', undefined];
        const ids = runIds(prefixes.length * 3);
        for (const [index, run_id] of ids.entries()) {
          const prefix = prefixes[index % prefixes.length];
          const { publish: _, ...bare } = sampleRun(tenant, { run_id });
          await stores.runs.create(prefix === undefined ? bare : { ...bare, publish: samplePublish(prefix) });
        }
        const seen: string[] = [];
        let cursor: string | undefined;
        do {
          const { items, next_cursor } = await stores.runs.list(tenant, { limit: 2, cursor }, ['a', 'c']);
          expect(items.length).toBeLessThanOrEqual(2);
          seen.push(...items.map(({ run_id }) => run_id));
          cursor = next_cursor;
        } while (cursor !== undefined);
        const wanted = ids.filter((_, index) =>
          ['a', 'a/b', 'a/b/c', 'c'].includes(prefixes[index % prefixes.length] ?? ''),
        );
        expect(seen).toEqual(wanted.toReversed());
        expect(await stores.runs.list(freshTenant(), { limit: 5 }, ['a'])).toEqual({ items: [] });
      });

      it('gives no cursor where the page ends with the last run', async () => {
        const tenant = freshTenant();
        for (const run_id of runIds(2)) await created({ run_id }, tenant);
        const page = await stores.runs.list(tenant, { limit: 2 });
        expect(page.items).toHaveLength(2);
        expect(page.next_cursor).toBeUndefined();
      });

      it('gives an empty page to a tenant without runs', async () => {
        expect(await stores.runs.list(freshTenant(), { limit: 10 })).toEqual({ items: [] });
      });

      it.each(['', 'x', '../..', 'eyJhIjoxfQ==', ulid(), `${ulid()}000000000000`, "' or 1=1 --"])(
        'refuses the cursor %j, which it did not give',
        async (cursor) => {
          const tenant = freshTenant();
          await created({}, tenant);
          await expect(stores.runs.list(tenant, { limit: 1, cursor })).rejects.toMatchObject({
            kind: 'INVALID_REQUEST',
          });
        },
      );

      it('refuses a cursor that was given to another tenant', async () => {
        const [mine, theirs] = [freshTenant(), freshTenant()];
        for (const run_id of runIds(3)) {
          await created({ run_id }, mine);
          await created({ run_id }, theirs);
        }
        const { next_cursor } = await stores.runs.list(theirs, { limit: 1 });
        expect(next_cursor).toBeDefined();
        await expect(stores.runs.list(mine, { limit: 1, cursor: next_cursor })).rejects.toMatchObject({
          kind: 'INVALID_REQUEST',
        });
      });

      it('lists running runs of all tenants, and none that is settled', async () => {
        const [one, two] = [await created(), await created()];
        const ended = await created();
        await stores.runs.settle(ended.tenant, ended.run_id, succeeded);
        const running = await stores.runs.listRunning();
        const of = (run: Run) => running.filter(({ tenant }) => tenant === run.tenant);
        expect([of(one), of(two), of(ended)]).toEqual([[one], [two], []]);
      });
    });

    describe('the previous run', () => {
      const settledRun = async (tenant: string, run_id: string, s3_prefix: string, status: Settlement['status']) => {
        await created({ run_id, publish: samplePublish(s3_prefix) }, tenant);
        await stores.runs.settle(tenant, run_id, { attempt: 1, status, ended_at: at(40) });
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
        await created({ run_id: running!, publish: samplePublish('a/b') }, tenant);
        await created({ run_id: current!, publish: samplePublish('a/b') }, tenant);
        await settledRun(tenant, later!, 'a/b', 'succeeded');
        const previousOf = async (runId: string) => (await stores.runs.findPrevious(tenant, 'a/b', runId))?.run_id;
        expect(await previousOf(current!)).toBe(second);
        expect(await previousOf(second!)).toBe(first);
        expect(await previousOf(first!)).toBeUndefined();
        expect(await stores.runs.findPrevious(tenant, 'never-used', current!)).toBeUndefined();
      });

      it('is never one of another tenant', async () => {
        const [mine, theirs] = [freshTenant(), freshTenant()];
        const [older, current] = runIds(2);
        await settledRun(theirs, older!, 'same', 'succeeded');
        expect(await stores.runs.findPrevious(mine, 'same', current!)).toBeUndefined();
      });
    });
  });
};
