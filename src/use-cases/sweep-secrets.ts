import { toFailure } from '../contracts/failure.ts';
import { ownerOfSecret } from '../domain/run-keys.ts';
import type { Using } from '../ports/port-access.ts';

/**
 * Deletes those of the kept secrets that nothing will ask for any more: connection strings of runs that have ended, and
 * of connections and webhooks that are gone or name another secret. They stay behind where a function or the service dies between a
 * run’s end, or a rotation, and the deletion. What a running run needs is never among them, nor what was put after the
 * time: a rotation puts its secret before the connection names it. Answers with their number; one that cannot be deleted is
 * logged, and keeps no other waiting.
 */
export const sweepSecrets = async (
  ports: Using<
    {
      runs: 'read';
      connections: 'read';
      webhooks: 'read';
      secrets: 'list' | 'delete';
      webhookSecrets: 'delete';
    },
    'log'
  >,
  before: Date,
): Promise<number> => {
  const kept = (await ports.secrets.list()).filter(({ put_at }) => Date.parse(put_at) <= before.getTime());
  let swept = 0;
  for (const { tenant, name } of kept) {
    try {
      if (await isNeeded(ports, tenant, name, before)) continue;
      await (ownerOfSecret(name)?.kind === 'webhook'
        ? ports.webhookSecrets.delete(tenant, name)
        : ports.secrets.delete(tenant, name));
      swept += 1;
    } catch (thrown) {
      const { kind, message } = toFailure(thrown);
      ports.log.error('secret not swept', { tenant, secret: name, failure: kind, reason: message });
    }
  }
  if (swept > 0) ports.log.info('secrets swept', { secrets: swept });
  return swept;
};

const isNeeded = async (
  ports: Using<{ runs: 'read'; connections: 'read'; webhooks: 'read' }>,
  tenant: string,
  secret: string,
  before: Date,
): Promise<boolean> => {
  const owner = ownerOfSecret(secret);
  switch (owner?.kind) {
    case 'run':
      return (await ports.runs.get(tenant, owner.run_id))?.status === 'running';
    case 'connection':
      return (await ports.connections.get(tenant, owner.name))?.secret === secret;
    case 'webhook': {
      const webhook = await ports.webhooks.get(tenant, owner.name);
      const isOldKey = webhook?.old_key?.secret === secret && Date.parse(webhook.old_key.until) > before.getTime();
      return webhook?.secret === secret || isOldKey;
    }
    case undefined:
      // Not one of these: another version's, and not ours to judge.
      return true;
  }
};
