import type { WebhookView } from '../contracts/webhook.ts';
import type { PortsOf } from '../ports/port-access.ts';
import { findWebhook } from './find-webhook.ts';
import { forgetWebhookSecrets } from './forget-webhook-secrets.ts';
import { showWebhook } from './show-webhook.ts';

/** Forgets a webhook and its keys. Once it is not stored nothing is sent to it; what is pending for it fails at its next try. */
export const deleteWebhook = async (
  ports: PortsOf<'delete-webhook'>,
  tenant: string,
  name: string,
): Promise<WebhookView> => {
  const webhook = await findWebhook(ports, tenant, name);
  await ports.webhooks.delete(tenant, name);
  const { secret, old_key } = webhook;
  await forgetWebhookSecrets(ports, tenant, old_key === undefined ? [secret] : [secret, old_key.secret]);
  ports.log.info('webhook deleted', { webhook: name });
  return showWebhook(webhook, ports.clock.now());
};
