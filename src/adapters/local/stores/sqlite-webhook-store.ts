import { Failure } from '../../../contracts/failure.ts';
import { Webhook } from '../../../contracts/webhook.ts';
import type { WebhookStore } from '../../../ports/webhook-store.ts';
import type { SqliteDocuments } from './sqlite-documents.ts';
import { sqliteNamedList } from './sqlite-named-list.ts';

/** Webhooks in a SQLite file. */
export const sqliteWebhookStore = (documents: SqliteDocuments): WebhookStore => {
  const { file, get, text } = documents;
  return {
    async create(webhook) {
      const created = file.run(
        'insert into webhooks (tenant, name, document) values (?, ?, ?) on conflict do nothing',
        webhook.tenant,
        webhook.name,
        text(Webhook, webhook),
      );
      if (created === 0)
        throw new Failure(
          'CONFLICT',
          `There is a webhook "${webhook.name}" already. Change it, or take another name.`,
          {
            where: 'body.name',
          },
        );
    },

    async get(tenant, name) {
      return get(Webhook, 'select document from webhooks where tenant = ? and name = ?', tenant, name);
    },

    list: async (tenant, page) => sqliteNamedList(documents, Webhook, 'webhooks', tenant, page),

    async replace(webhook) {
      const replaced = file.run(
        `update webhooks set document = ? where tenant = ? and name = ? and document ->> 'revision' = ?`,
        text(Webhook, webhook),
        webhook.tenant,
        webhook.name,
        webhook.revision - 1,
      );
      return replaced === 1;
    },

    async delete(tenant, name) {
      return file.run('delete from webhooks where tenant = ? and name = ?', tenant, name) === 1;
    },
  };
};
