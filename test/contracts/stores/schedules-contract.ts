import { beforeAll, describe, expect, it } from 'vitest';
import { ulid } from 'ulid';
import { Schedule } from '../../../src/contracts/schedule.ts';
import { asNewerVersion } from '../../support/as-newer-version.ts';
import type { Stores } from '../../../src/ports/stores.ts';
import { at, freshTenant, sampleSchedule } from './samples.ts';

/** What every store of schedules does: a part of the stores' contract. */
export const describeSchedulesContract = (makeSubject: () => Stores | Promise<Stores>): void => {
  describe('schedules', () => {
    let stores: Stores;
    beforeAll(async () => {
      stores = await makeSubject();
    });

    it('gives back a schedule as it was created', async () => {
      const schedule = sampleSchedule(freshTenant());
      await stores.schedules.create(schedule);
      expect(await stores.schedules.get(schedule.tenant, 'nightly')).toEqual(schedule);
      expect(await stores.schedules.get(freshTenant(), 'nightly')).toBeUndefined();
    });

    it('refuses a second one of the same name and keeps the first', async () => {
      const schedule = sampleSchedule(freshTenant());
      await stores.schedules.create(schedule);
      await expect(stores.schedules.create({ ...schedule, paused: true })).rejects.toMatchObject({ kind: 'CONFLICT' });
      expect(await stores.schedules.get(schedule.tenant, 'nightly')).toEqual(schedule);
    });

    it('replaces the revision before and no other, of two at once one, and keeps what came of the last time', async () => {
      const schedule = sampleSchedule(freshTenant());
      const last = { due_at: at(3), run_id: ulid(), outcome: 'started' as const };
      await stores.schedules.create(schedule);
      expect(await stores.schedules.noteDue(schedule.tenant, 'nightly', last)).toBe(true);
      const changed = { ...schedule, paused: true, revision: 2, changed_at: at(5) };
      expect(await stores.schedules.replace({ ...changed, revision: 3 })).toBe(false);
      const outcomes = await Promise.all([
        stores.schedules.replace(changed),
        stores.schedules.replace({ ...changed, time_zone: 'UTC' }),
      ]);
      expect(outcomes.filter(Boolean)).toHaveLength(1);
      expect(await stores.schedules.get(schedule.tenant, 'nightly')).toEqual({
        ...changed,
        ...(outcomes[0] === true ? {} : { time_zone: 'UTC' }),
        last,
      });
    });

    it('notes a later time in the place of an earlier one, and nothing of one that is not there', async () => {
      const schedule = sampleSchedule(freshTenant());
      await stores.schedules.create(schedule);
      const last = { due_at: at(4), outcome: 'failed' as const, message: 'The connection is gone.' };
      await stores.schedules.noteDue(schedule.tenant, 'nightly', { due_at: at(3), run_id: ulid(), outcome: 'started' });
      await stores.schedules.noteDue(schedule.tenant, 'nightly', last);
      expect((await stores.schedules.get(schedule.tenant, 'nightly'))?.last).toEqual(last);
      expect(await stores.schedules.noteDue(schedule.tenant, 'weekly', last)).toBe(false);
      expect(await stores.schedules.get(schedule.tenant, 'weekly')).toBeUndefined();
    });

    it('deletes one, once, of its own tenant alone', async () => {
      const schedule = sampleSchedule(freshTenant());
      await stores.schedules.create(schedule);
      expect(await stores.schedules.delete(freshTenant(), 'nightly')).toBe(false);
      expect(await stores.schedules.delete(schedule.tenant, 'nightly')).toBe(true);
      expect(await stores.schedules.delete(schedule.tenant, 'nightly')).toBe(false);
      expect(await stores.schedules.get(schedule.tenant, 'nightly')).toBeUndefined();
    });

    it('leaves one that cannot be read out of its list, names it, and goes on behind it', async () => {
      const tenant = freshTenant();
      for (const name of ['a', 'c']) await stores.schedules.create({ ...sampleSchedule(tenant), name });
      const newer = { ...sampleSchedule(tenant), name: 'b', of_a_newer_version: true };
      await asNewerVersion(Schedule, () => stores.schedules.create(newer));
      const first = await stores.schedules.list(tenant, { limit: 2 });
      expect(first).toMatchObject({ items: [{ name: 'a' }], unreadable: ['b'] });
      const second = await stores.schedules.list(tenant, { limit: 2, cursor: first.next_cursor });
      expect(second).toEqual({ items: [expect.objectContaining({ name: 'c' })] });
    });

    it('lists by name, page by page', async () => {
      const tenant = freshTenant();
      for (const name of ['c', 'a', 'b']) await stores.schedules.create({ ...sampleSchedule(tenant), name });
      const first = await stores.schedules.list(tenant, { limit: 2 });
      expect(first.items.map(({ name }) => name)).toEqual(['a', 'b']);
      const second = await stores.schedules.list(tenant, { limit: 2, cursor: first.next_cursor });
      expect(second).toMatchObject({ items: [{ name: 'c' }] });
      expect(second.next_cursor).toBeUndefined();
      await expect(stores.schedules.list(freshTenant(), { limit: 2, cursor: first.next_cursor })).rejects.toMatchObject(
        {
          kind: 'INVALID_REQUEST',
        },
      );
    });
  });
};
