import { Failure } from '../../../contracts/failure.ts';
import { Webhook } from '../../../contracts/webhook.ts';
import type { WebhookStore } from '../../../ports/webhook-store.ts';
import { documentAttributes } from './dynamo-document.ts';
import type { DocumentTable } from './dynamo-document-table.ts';
import { dynamoNamedList } from './dynamo-named-list.ts';
import { webhookKey } from './dynamo-table.ts';

/** Webhooks in a DynamoDB table. */
export const dynamoWebhookStore = (table: DocumentTable): WebhookStore => {
  const { items } = table;
  return {
    async create(webhook) {
      const key = webhookKey(webhook.tenant, webhook.name);
      if (!(await items.putNew({ ...key, ...documentAttributes(key.sk, Webhook, webhook) })))
        throw new Failure(
          'CONFLICT',
          `There is a webhook "${webhook.name}" already. Change it, or take another name.`,
          {
            where: 'body.name',
          },
        );
    },

    get: async (tenant, name) => table.get(Webhook, webhookKey(tenant, name)),

    list: async (tenant, page) =>
      dynamoNamedList(table, Webhook, { list: 'webhooks', keyOf: webhookKey }, tenant, page),

    async replace(webhook) {
      const key = webhookKey(webhook.tenant, webhook.name);
      return items.replace(
        { ...key, ...documentAttributes(key.sk, Webhook, webhook) },
        {
          condition: '#document.#revision = :before',
          names: { '#document': 'document', '#revision': 'revision' },
          values: { ':before': webhook.revision - 1 },
        },
      );
    },

    delete: async (tenant, name) => items.remove(webhookKey(tenant, name)),
  };
};
