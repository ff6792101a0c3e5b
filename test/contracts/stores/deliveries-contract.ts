import { beforeAll, describe, expect, it } from 'vitest';
import { Delivery, type DeliveryRef, type DeliveryTry } from '../../../src/contracts/delivery.ts';
import { messagesOfChange } from '../../../src/domain/messages/messages-of-change.ts';
import type { Stores } from '../../../src/ports/stores.ts';
import { asNewerVersion } from '../../support/as-newer-version.ts';
import { at, freshTenant, sampleRun } from './samples.ts';

/** A delivery that is due at noon. */
export const sampleDelivery = (tenant: string, changes: Partial<Delivery> = {}): Delivery => {
  const [message] = messagesOfChange(undefined, sampleRun(tenant));
  if (message === undefined) throw new Error('A new run makes a message.');
  return {
    tenant,
    consumer: 'webhook/ops',
    message,
    status: 'pending',
    tries: [],
    tried: 0,
    next_at: at(0),
    created_at: at(0),
    ...changes,
  };
};

const refOf = ({ tenant, consumer, message }: Delivery): DeliveryRef => ({ tenant, consumer, message_id: message.id });

const failedTry: DeliveryTry = { at: at(1), outcome: 'answered', status: 503, reason: 'It answered 503.' };

/** What every store of deliveries does: a part of the stores' contract. */
export const describeDeliveriesContract = (makeSubject: () => Stores | Promise<Stores>): void => {
  describe('deliveries', () => {
    let stores: Stores;
    beforeAll(async () => {
      stores = await makeSubject();
    });

    const added = async (changes: Partial<Delivery> = {}): Promise<Delivery> => {
      const delivery = sampleDelivery(freshTenant(), changes);
      expect(await stores.deliveries.add(delivery)).toBe(true);
      return delivery;
    };

    /** Those of one tenant that are due. */
    const due = async (tenant: string, now: string): Promise<readonly DeliveryRef[]> =>
      (await stores.deliveries.listDue(now, 10_000)).filter((ref) => ref.tenant === tenant);

    it('adds one once, and leaves what is there as it is', async () => {
      const delivery = await added();
      expect(await stores.deliveries.add({ ...delivery, tried: 7 })).toBe(false);
      expect(await stores.deliveries.get(refOf(delivery))).toEqual(delivery);
      expect(await stores.deliveries.get({ ...refOf(delivery), consumer: 'webhook/other' })).toBeUndefined();
      expect(await stores.deliveries.get({ ...refOf(delivery), tenant: freshTenant() })).toBeUndefined();
    });

    it('lists what is due from its time on, whose time came first at the head, and nothing that is done', async () => {
      const tenant = freshTenant();
      const later = sampleDelivery(tenant, { next_at: at(20) });
      const sooner = sampleDelivery(tenant, { next_at: at(10) });
      const done = sampleDelivery(tenant, { status: 'delivered' });
      const { next_at: _, ...finished } = done;
      for (const one of [later, sooner, finished]) await stores.deliveries.add(one);
      expect(await due(tenant, at(9))).toEqual([]);
      expect(await due(tenant, at(10))).toEqual([refOf(sooner)]);
      expect(await due(tenant, at(20))).toEqual([refOf(sooner), refOf(later)]);
    });

    it('is claimed by one of many who ask at once, until the claim lapses', async () => {
      const delivery = await added();
      const ref = refOf(delivery);
      const claims = await Promise.all(
        Array.from({ length: 8 }, async (_, index) =>
          stores.deliveries.claim(ref, { by: `c${index}`, now: at(1), until: at(30) }),
        ),
      );
      const won = claims.filter((claim) => claim !== undefined);
      expect(won).toEqual([{ ...delivery, claimed_by: expect.stringMatching(/^c\d$/) as string, next_at: at(30) }]);
      expect(await due(delivery.tenant, at(29))).toEqual([]);
      expect(await stores.deliveries.claim(ref, { by: 'early', now: at(29), until: at(50) })).toBeUndefined();
      expect(await due(delivery.tenant, at(30))).toEqual([ref]);
      expect(await stores.deliveries.claim(ref, { by: 'next', now: at(30), until: at(50) })).toMatchObject({
        claimed_by: 'next',
      });
    });

    it('records what came of a try for who has the claim, and for nobody whose claim has gone to another', async () => {
      const delivery = await added();
      const ref = refOf(delivery);
      await stores.deliveries.claim(ref, { by: 'a', now: at(0), until: at(10) });
      await stores.deliveries.claim(ref, { by: 'b', now: at(10), until: at(20) });
      const change = { status: 'pending', tries: [failedTry], tried: 1, next_at: at(40) } as const;
      expect(await stores.deliveries.record(ref, 'a', change)).toBe(false);
      expect(await stores.deliveries.record(ref, 'b', change)).toBe(true);
      expect(await stores.deliveries.record(ref, 'b', change)).toBe(false);
      expect(await stores.deliveries.get(ref)).toEqual({ ...delivery, ...change });
      expect(await due(delivery.tenant, at(39))).toEqual([]);
      expect(await due(delivery.tenant, at(40))).toEqual([ref]);
    });

    it('is never due again once it is delivered or given up, unless somebody asks', async () => {
      const delivery = await added();
      const ref = refOf(delivery);
      await stores.deliveries.claim(ref, { by: 'a', now: at(0), until: at(10) });
      const given_up = { status: 'failed', tries: [failedTry], tried: 10 } as const;
      expect(await stores.deliveries.record(ref, 'a', given_up)).toBe(true);
      const { next_at: _, ...kept } = delivery;
      expect(await stores.deliveries.get(ref)).toEqual({ ...kept, ...given_up });
      expect(await due(delivery.tenant, at(59))).toEqual([]);
      expect(await stores.deliveries.claim(ref, { by: 'b', now: at(59), until: at(59) })).toBeUndefined();
      expect(await stores.deliveries.retry(ref, { now: at(50), until: at(59) })).toBe('due');
      expect(await stores.deliveries.get(ref)).toEqual({
        ...kept,
        status: 'pending',
        tries: [failedTry],
        tried: 0,
        next_at: at(50),
      });
      expect(await due(delivery.tenant, at(50))).toEqual([ref]);
    });

    it('says that a try is under way where somebody asks for another', async () => {
      const delivery = await added();
      const ref = refOf(delivery);
      await stores.deliveries.claim(ref, { by: 'a', now: at(0), until: at(30) });
      expect(await stores.deliveries.retry(ref, { now: at(5), until: at(35) })).toBe('trying');
      expect(await stores.deliveries.claim(ref, { by: 'b', now: at(5), until: at(30) })).toBeUndefined();
      expect(await stores.deliveries.record(ref, 'a', { status: 'delivered', tries: [], tried: 1 })).toBe(true);
      expect(await stores.deliveries.retry({ ...ref, message_id: 'no-such' }, { now: at(5), until: at(35) })).toBe(
        'missing',
      );
      expect(await stores.deliveries.get({ ...ref, message_id: 'no-such' })).toBeUndefined();
    });

    it('takes a claim for lapsed that reaches further than one of now could: its clock ran ahead', async () => {
      const year = '2027-01-31T12:00:00.000Z';
      const ahead = { by: 'ahead', now: '2027-01-31T11:59:00.000Z', until: year };
      const [asked, claimed] = [await added(), await added()];
      for (const one of [asked, claimed]) await stores.deliveries.claim(refOf(one), ahead);
      expect(await stores.deliveries.retry(refOf(asked), { now: at(5), until: at(35) })).toBe('due');
      expect(await due(asked.tenant, at(5))).toEqual([refOf(asked)]);
      expect(await stores.deliveries.get(refOf(asked))).not.toHaveProperty('claimed_by');
      const claim = { by: 'a', now: at(5), until: at(35) };
      expect(await stores.deliveries.claim(refOf(claimed), claim)).toMatchObject({ claimed_by: 'a', next_at: at(35) });
      const change = { status: 'delivered', tries: [], tried: 1 } as const;
      expect(await stores.deliveries.record(refOf(claimed), 'ahead', change)).toBe(false);
      expect(await stores.deliveries.record(refOf(claimed), 'a', change)).toBe(true);
    });

    it('leaves one that cannot be read out of lists, names it, and puts it off where it is due', async () => {
      const tenant = freshTenant();
      const bad = { ...sampleDelivery(tenant), of_a_newer_version: true };
      const good = sampleDelivery(tenant, { next_at: at(1) });
      await asNewerVersion(Delivery, () => stores.deliveries.add(bad));
      await stores.deliveries.add(good);
      const page = { items: [good], unreadable: [bad.message.id] };
      expect(await stores.deliveries.list(tenant, 'webhook/ops', { limit: 2 })).toEqual(page);
      expect(await due(tenant, at(5))).toEqual([refOf(bad), refOf(good)]);
      await expect(stores.deliveries.claim(refOf(bad), { by: 'a', now: at(5), until: at(35) })).rejects.toMatchObject({
        kind: 'STORAGE_FAILED',
      });
      expect(await due(tenant, at(59))).toEqual([refOf(good)]);
      expect(await due(tenant, '2026-01-31T13:00:05.000Z')).toEqual([refOf(good), refOf(bad)]);
    });

    it('lists a consumer’s by time, newest first, page by page', async () => {
      const tenant = freshTenant();
      const all = [3, 1, 2].map((second) => {
        const delivery = sampleDelivery(tenant);
        const [message] = messagesOfChange(undefined, sampleRun(tenant, { created_at: at(second) }));
        return { ...delivery, message: message ?? delivery.message };
      });
      for (const one of all) await stores.deliveries.add(one);
      await stores.deliveries.add(sampleDelivery(tenant, { consumer: 'webhook/ops-2' }));
      const first = await stores.deliveries.list(tenant, 'webhook/ops', { limit: 2 });
      expect(first.items).toEqual([all[0], all[2]]);
      const second = await stores.deliveries.list(tenant, 'webhook/ops', { limit: 2, cursor: first.next_cursor });
      expect(second).toEqual({ items: [all[1]] });
      await expect(
        stores.deliveries.list(tenant, 'webhook/ops-2', { limit: 2, cursor: first.next_cursor }),
      ).rejects.toMatchObject({ kind: 'INVALID_REQUEST' });
      expect(await stores.deliveries.list(freshTenant(), 'webhook/ops', { limit: 2 })).toEqual({ items: [] });
    });
  });
};
