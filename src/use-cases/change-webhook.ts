import type { Caller } from '../contracts/caller.ts';
import { Failure, toFailure } from '../contracts/failure.ts';
import {
  oldKeyHours,
  type Webhook,
  type WebhookChange,
  type WebhookSecret,
  type WebhookView,
} from '../contracts/webhook.ts';
import { shownUrl } from '../domain/webhook/shown-url.ts';
import type { PortsOf } from '../ports/port-access.ts';
import { findWebhook } from './find-webhook.ts';
import { forgetWebhookSecrets } from './forget-webhook-secrets.ts';
import { showWebhook } from './show-webhook.ts';
import {
  newSigningKey,
  newWebhookSecretName,
  putWebhookSecret,
  readWebhookSecret,
  requireSendable,
} from './webhook-secret.ts';

type ChangePorts = PortsOf<'change-webhook'>;

/**
 * Replaces what a change names. Another URL or key is a secret of its own, which is there before the webhook names it: of several
 * who change it at once one does, the others fail with CONFLICT and theirs are deleted. A key that is replaced signs on
 * for a day beside the new one, which the answer shows, this once.
 */
export const changeWebhook = async (
  ports: ChangePorts,
  { tenant }: Caller,
  name: string,
  { url, rotate_key, types, paused }: WebhookChange,
): Promise<WebhookView> => {
  if (url !== undefined) requireSendable(ports, url);
  const before = await findWebhook(ports, tenant, name);
  const now = ports.clock.now();
  const renewal =
    url === undefined && rotate_key === undefined ? undefined : await renew(ports, before, { url, rotate_key }, now);
  const { old_key: _replaced, ...withoutOldKey } = before;
  const webhook: Webhook = {
    ...(rotate_key === true ? withoutOldKey : before),
    ...(types === undefined ? {} : { types }),
    ...(paused === undefined ? {} : { paused }),
    ...renewal?.named,
    changed_at: now.toISOString(),
    revision: before.revision + 1,
  };
  if (!(await ports.webhooks.replace(webhook))) {
    await forgetWebhookSecrets(ports, tenant, renewal === undefined ? [] : [webhook.secret]);
    throw new Failure(
      'CONFLICT',
      `The webhook "${name}" was changed or removed by another request at the same moment.`,
      {
        where: 'path.name',
        advice: { kind: 'see_webhook', webhook: name },
      },
    );
  }
  await forgetWebhookSecrets(
    ports,
    tenant,
    secretsOf(before).filter((secret) => !secretsOf(webhook).includes(secret)),
  );
  ports.log.info('webhook changed', { webhook: name, key: renewal?.signing_key === undefined ? 'kept' : 'replaced' });
  const shown = showWebhook(webhook, now);
  return renewal?.signing_key === undefined ? shown : { ...shown, signing_key: renewal.signing_key };
};

/** What the webhook names from now on, and the key where it is new. */
const renew = async (
  ports: ChangePorts,
  { tenant, name, secret: current }: Webhook,
  { url, rotate_key }: Pick<WebhookChange, 'url' | 'rotate_key'>,
  now: Date,
): Promise<{ readonly named: Partial<Webhook>; readonly signing_key?: string }> => {
  const held = await heldSecret(ports, { tenant, name, secret: current }, { url, rotate_key });
  const target = url ?? held.url;
  if (target === undefined)
    throw new Failure('CONFLICT', `The webhook "${name}" has lost its URL and its key. Change its url, too.`, {
      where: 'body.url',
    });
  const kept = rotate_key === true ? undefined : held.signing_key;
  const signing_key = kept ?? newSigningKey();
  const secret = newWebhookSecretName(name);
  await putWebhookSecret(ports, tenant, secret, { url: target, signing_key });
  const until = new Date(now.getTime() + oldKeyHours * 3_600_000).toISOString();
  const isOld = kept === undefined && held.signing_key !== undefined;
  return {
    named: {
      secret,
      ...(url === undefined ? {} : { shown_url: shownUrl(url) }),
      ...(isOld ? { old_key: { secret: current, until } } : {}),
    },
    ...(kept === undefined ? { signing_key } : {}),
  };
};

/**
 * What the secret of a webhook holds: nothing where it is lost, or where it cannot be opened and nothing of it is wanted. Fails with
 * CONFLICT where it cannot be opened (its store has another key by now, or it is none of ours) and something of it is wanted.
 */
const heldSecret = async (
  ports: ChangePorts,
  { tenant, name, secret }: Pick<Webhook, 'tenant' | 'name' | 'secret'>,
  { url, rotate_key }: Pick<WebhookChange, 'url' | 'rotate_key'>,
): Promise<Partial<WebhookSecret>> => {
  try {
    return (await readWebhookSecret(ports, tenant, secret)) ?? {};
  } catch (thrown) {
    const { kind, message } = toFailure(thrown);
    ports.log.warn('webhook’s secret not read', { webhook: name, failure: kind, reason: message });
    if (url !== undefined && rotate_key === true) return {};
    // The store may be away for a moment: its own failure says so.
    if (kind === 'STORAGE_FAILED') throw thrown;
    throw new Failure(
      'CONFLICT',
      `The URL and the key of the webhook "${name}" cannot be opened any more. Change both at once: give its url, and rotate_key for another key.`,
      { where: url === undefined ? 'body.url' : 'body.rotate_key', cause: thrown },
    );
  }
};

/** The secrets that a webhook names. */
const secretsOf = ({ secret, old_key }: Webhook): readonly string[] =>
  old_key === undefined ? [secret] : [secret, old_key.secret];
