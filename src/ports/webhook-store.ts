import type { Webhook } from '../contracts/webhook.ts';
import type { Page, PageRequest } from './page.ts';

/** Webhooks by name. */
export type WebhookStore = {
  /** Fails with CONFLICT where one has the name. */
  create(webhook: Webhook): Promise<void>;
  get(tenant: string, name: string): Promise<Webhook | undefined>;
  /** By name, with the names of those that cannot be read. Fails with INVALID_REQUEST on a cursor it did not give. */
  list(tenant: string, page: PageRequest): Promise<Page<Webhook>>;
  /** Puts the webhook in the place of the one of the revision before. Says whether it was there. */
  replace(webhook: Webhook): Promise<boolean>;
  /** Says whether there was such a one. */
  delete(tenant: string, name: string): Promise<boolean>;
};
