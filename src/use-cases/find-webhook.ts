import { Failure } from '../contracts/failure.ts';
import type { Webhook } from '../contracts/webhook.ts';
import type { Using } from '../ports/port-access.ts';

/** The webhook, or NOT_FOUND; another tenant's is not found either, and the message does not tell them apart. */
export const findWebhook = async (
  ports: Using<{ webhooks: 'read' }>,
  tenant: string,
  name: string,
): Promise<Webhook> => {
  const webhook = await ports.webhooks.get(tenant, name);
  if (webhook === undefined)
    throw new Failure('NOT_FOUND', `There is no webhook "${name}".`, {
      where: 'path.name',
      advice: { kind: 'see_webhooks' },
    });
  return webhook;
};
