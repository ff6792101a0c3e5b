import { beforeAll, describe, expect, it } from 'vitest';
import { Webhook } from '../../../src/contracts/webhook.ts';
import { asNewerVersion } from '../../support/as-newer-version.ts';
import type { Stores } from '../../../src/ports/stores.ts';
import { at, freshTenant, sampleWebhook } from './samples.ts';

/** What every store of webhooks does: a part of the stores' contract. */
export const describeWebhooksContract = (makeSubject: () => Stores | Promise<Stores>): void => {
  describe('webhooks', () => {
    let stores: Stores;
    beforeAll(async () => {
      stores = await makeSubject();
    });

    it('gives back a webhook as it was created, to its own tenant alone', async () => {
      const webhook = sampleWebhook(freshTenant(), { old_key: { secret: '_webhooks/chat/0', until: at(9) } });
      await stores.webhooks.create(webhook);
      expect(await stores.webhooks.get(webhook.tenant, 'chat')).toEqual(webhook);
      expect(await stores.webhooks.get(freshTenant(), 'chat')).toBeUndefined();
    });

    it('refuses a second one of the same name and keeps the first', async () => {
      const webhook = sampleWebhook(freshTenant());
      await stores.webhooks.create(webhook);
      await expect(stores.webhooks.create({ ...webhook, paused: true })).rejects.toMatchObject({ kind: 'CONFLICT' });
      expect(await stores.webhooks.get(webhook.tenant, 'chat')).toEqual(webhook);
    });

    it('replaces the revision before and no other, of two at once one, and nothing of another tenant', async () => {
      const webhook = sampleWebhook(freshTenant(), { old_key: { secret: '_webhooks/chat/0', until: at(9) } });
      await stores.webhooks.create(webhook);
      const { old_key: _, ...changed } = { ...webhook, paused: true, revision: 2, changed_at: at(5) };
      expect(await stores.webhooks.replace({ ...changed, revision: 3 })).toBe(false);
      expect(await stores.webhooks.replace({ ...changed, tenant: freshTenant() })).toBe(false);
      const outcomes = await Promise.all([
        stores.webhooks.replace(changed),
        stores.webhooks.replace({ ...changed, types: ['run-settled'] }),
      ]);
      expect(outcomes.filter(Boolean)).toHaveLength(1);
      expect(await stores.webhooks.get(webhook.tenant, 'chat')).toEqual({
        ...changed,
        ...(outcomes[0] === true ? {} : { types: ['run-settled'] }),
      });
    });

    it('deletes one, once, of its own tenant alone', async () => {
      const webhook = sampleWebhook(freshTenant());
      await stores.webhooks.create(webhook);
      expect(await stores.webhooks.delete(freshTenant(), 'chat')).toBe(false);
      expect(await stores.webhooks.delete(webhook.tenant, 'chat')).toBe(true);
      expect(await stores.webhooks.delete(webhook.tenant, 'chat')).toBe(false);
      expect(await stores.webhooks.get(webhook.tenant, 'chat')).toBeUndefined();
    });

    it('leaves one that cannot be read out of its list, names it, and goes on behind it', async () => {
      const tenant = freshTenant();
      for (const name of ['a', 'c']) await stores.webhooks.create(sampleWebhook(tenant, { name }));
      const newer = { ...sampleWebhook(tenant, { name: 'b' }), of_a_newer_version: true };
      await asNewerVersion(Webhook, () => stores.webhooks.create(newer));
      const first = await stores.webhooks.list(tenant, { limit: 2 });
      expect(first).toMatchObject({ items: [{ name: 'a' }], unreadable: ['b'] });
      const second = await stores.webhooks.list(tenant, { limit: 2, cursor: first.next_cursor });
      expect(second).toEqual({ items: [expect.objectContaining({ name: 'c' })] });
      await expect(stores.webhooks.get(tenant, 'b')).rejects.toMatchObject({ kind: 'STORAGE_FAILED' });
    });

    it('lists by name, page by page, those of one tenant', async () => {
      const tenant = freshTenant();
      for (const name of ['c', 'a', 'b']) await stores.webhooks.create(sampleWebhook(tenant, { name }));
      await stores.webhooks.create(sampleWebhook(freshTenant(), { name: 'd' }));
      const first = await stores.webhooks.list(tenant, { limit: 2 });
      expect(first.items.map(({ name }) => name)).toEqual(['a', 'b']);
      const second = await stores.webhooks.list(tenant, { limit: 2, cursor: first.next_cursor });
      expect(second).toMatchObject({ items: [{ name: 'c' }] });
      expect(second.next_cursor).toBeUndefined();
      await expect(stores.webhooks.list(freshTenant(), { limit: 2, cursor: first.next_cursor })).rejects.toMatchObject({
        kind: 'INVALID_REQUEST',
      });
    });
  });
};
