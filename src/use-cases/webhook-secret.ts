import { randomBytes, randomUUID } from 'node:crypto';
import { Failure } from '../contracts/failure.ts';
import { storableText } from '../contracts/stored-document.ts';
import { WebhookSecret } from '../contracts/webhook.ts';
import { webhookSecretName } from '../domain/run-keys.ts';
import type { Using } from '../ports/port-access.ts';

/** A new key that messages are signed with. */
export const newSigningKey = (): string => `whsec_${randomBytes(32).toString('base64')}`;

/** A name for a secret of a webhook: each gets its own, so that none is ever replaced by another. */
export const newWebhookSecretName = (name: string): string => webhookSecretName(name, randomUUID());

/** Keeps the URL and key of a webhook. */
export const putWebhookSecret = async (
  ports: Using<{ webhookSecrets: 'put' }>,
  tenant: string,
  secret: string,
  value: WebhookSecret,
): Promise<void> => ports.webhookSecrets.put(tenant, secret, storableText(WebhookSecret, value, 'a webhook’s secret'));

/** The URL and key of a webhook; undefined where a crash has lost them. */
export const readWebhookSecret = async (
  ports: Using<{ webhookSecrets: 'read' }>,
  tenant: string,
  secret: string,
): Promise<WebhookSecret | undefined> => {
  const value = await ports.webhookSecrets.get(tenant, secret);
  return value === undefined ? undefined : WebhookSecret.parse(JSON.parse(value));
};

/** Refuses a URL that nothing would ever be sent to. What a name leads to is looked at when something is sent. */
export const requireSendable = (ports: Using<{ webhookSender: 'check' }>, url: string): void => {
  const refusal = ports.webhookSender.refusal(url);
  if (refusal !== undefined)
    throw new Failure('INVALID_REQUEST', `The webhook’s URL: ${refusal}`, { where: 'body.url' });
};
