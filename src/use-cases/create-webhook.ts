import type { Caller } from '../contracts/caller.ts';
import { Failure } from '../contracts/failure.ts';
import { maxWebhooks, type Webhook, type WebhookRequest, type WebhookView } from '../contracts/webhook.ts';
import { shownUrl } from '../domain/webhook/shown-url.ts';
import type { PortsOf } from '../ports/port-access.ts';
import { showWebhook } from './show-webhook.ts';
import { newSigningKey, newWebhookSecretName, putWebhookSecret, requireSendable } from './webhook-secret.ts';

/**
 * Keeps a webhook, and answers with the key that its messages are signed with, this once. The record comes first: after a crash
 * in between there is a webhook that everybody sees and that nothing is sent to, until its URL is changed. Nothing is sent
 * to find out whether it works. Fails with CONFLICT where there is one of the name, or the most there can be.
 */
export const createWebhook = async (
  ports: PortsOf<'create-webhook'>,
  { tenant, actor }: Caller,
  { url, ...request }: WebhookRequest,
): Promise<WebhookView> => {
  requireSendable(ports, url);
  const now = ports.clock.now();
  const at = now.toISOString();
  const secret = newWebhookSecretName(request.name);
  const times = { created_at: at, created_by: actor, changed_at: at, revision: 1 };
  const webhook: Webhook = { tenant, ...request, shown_url: shownUrl(url), secret, ...times };
  const signing_key = newSigningKey();
  await ports.webhooks.create(webhook);
  try {
    await requireRoom(ports, tenant);
    await putWebhookSecret(ports, tenant, secret, { url, signing_key });
  } catch (thrown) {
    await ports.webhooks.delete(tenant, webhook.name);
    throw thrown;
  }
  ports.log.info('webhook created', { webhook: webhook.name, types: webhook.types });
  return { ...showWebhook(webhook, now), signing_key };
};

/** Counted with the new one among them, so that several who make the last one at once do not make more. */
const requireRoom = async (ports: PortsOf<'create-webhook'>, tenant: string): Promise<void> => {
  const { items, unreadable = [] } = await ports.webhooks.list(tenant, { limit: maxWebhooks + 1 });
  if (items.length + unreadable.length > maxWebhooks)
    throw new Failure('CONFLICT', `There are ${maxWebhooks} webhooks, the most there can be. Remove one first.`, {
      advice: { kind: 'see_webhooks' },
    });
};
