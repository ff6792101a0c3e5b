import type { Delivery, SendResult } from '../contracts/delivery.ts';
import { toFailure } from '../contracts/failure.ts';
import type { Webhook } from '../contracts/webhook.ts';
import { cloudEvent, cloudEventType } from '../domain/webhook/cloud-event.ts';
import { signMessage } from '../domain/webhook/sign-message.ts';
import type { Using } from '../ports/port-access.ts';
import { readWebhookSecret } from './webhook-secret.ts';

type SendPorts = Using<{ webhooks: 'read'; webhookSecrets: 'read'; webhookSender: 'send' }, 'clock' | 'log'>;

/**
 * Makes one try to deliver a message to a webhook, signed as of now, and tells what came of it. It is `gone` to a webhook that
 * is not there, or is another one of the name than was meant.
 */
export const sendToWebhook = async (
  ports: SendPorts,
  {
    tenant,
    consumer,
    message,
    consumer_made_at,
  }: Pick<Delivery, 'tenant' | 'consumer' | 'message' | 'consumer_made_at'>,
): Promise<SendResult> => {
  const name = consumer.replace(/^webhook\//, '');
  const webhook = await ports.webhooks.get(tenant, name);
  // Compared as a name, not as a time: clocks are set back.
  const isMeant = consumer_made_at === undefined || webhook?.created_at === consumer_made_at;
  if (webhook === undefined || !isMeant) return { outcome: 'gone', reason: 'The webhook was removed.' };
  if (webhook.paused) return { outcome: 'refused', reason: 'The webhook is paused.' };
  const now = ports.clock.now();
  const current = await readWebhookSecret(ports, tenant, webhook.secret);
  // Between the record and its secret a change may have died: another change mends that.
  if (current === undefined)
    return { outcome: 'refused', reason: 'The webhook has no key: change its url, which makes one.' };
  const old = await oldKeyOf(ports, webhook, now);
  const body = JSON.stringify(cloudEvent(message));
  const timestamp = Math.floor(now.getTime() / 1000);
  const keys = [current.signing_key, ...(old === undefined ? [] : [old])];
  return ports.webhookSender.post({
    url: current.url,
    headers: { 'content-type': cloudEventType, ...signMessage({ id: message.id, timestamp, body }, keys) },
    body,
  });
};

const oldKeyOf = async (
  ports: SendPorts,
  { tenant, name, old_key }: Webhook,
  now: Date,
): Promise<string | undefined> => {
  if (old_key === undefined || Date.parse(old_key.until) <= now.getTime()) return undefined;
  try {
    return (await readWebhookSecret(ports, tenant, old_key.secret))?.signing_key;
  } catch (thrown) {
    // The new key signs, which is what counts.
    ports.log.warn('old key not read', { tenant, webhook: name, failure: toFailure(thrown).kind });
    return undefined;
  }
};
