import { Timestamp } from '../../../contracts/common.ts';
import { ApiKey } from '../../../contracts/api-key.ts';
import { hourBefore } from '../../hour-before.ts';
import type { ApiKeyStore } from '../../../ports/api-key-store.ts';
import { documentAttributes, plain } from './dynamo-document.ts';
import type { DocumentTable } from './dynamo-document-table.ts';
import { apiKeyKey, apiKeyList, listedApiKeyKey, useKey } from './dynamo-table.ts';

/**
 * API keys in a DynamoDB table. The partitions of the keys are written by who administers them alone; that a key was used
 * lies in another one, which the functions of the routes may write.
 */
export const dynamoApiKeyStore = (table: DocumentTable): ApiKeyStore => {
  const { items } = table;
  // A refused write costs as much as one that is let through, so each process asks once an hour.
  const noted = new Map<string, string>();
  const find = async (hash: string): Promise<ApiKey | undefined> => table.get(ApiKey, apiKeyKey(hash));

  return {
    async add(key) {
      const own = { ...apiKeyKey(key.hash), ...documentAttributes('KEY', ApiKey, key) };
      await items.putTogether([own, { ...listedApiKeyKey(key.hash), hash: key.hash }]);
    },

    find,

    async list() {
      const listed = await items.query({ condition: 'pk = :keys', values: { ':keys': apiKeyList } });
      const keys = await Promise.all(
        listed.map(async ({ hash }) => {
          const [key, use] = await Promise.all([find(String(hash)), items.get(useKey(String(hash)))]);
          return key === undefined ? [] : [use === undefined ? key : { ...key, last_used_at: String(use['at']) }];
        }),
      );
      return keys.flat().toSorted((a, b) => (a.created_at < b.created_at ? -1 : 1));
    },

    async revoke(hash, at) {
      return items.update(apiKeyKey(hash), {
        kind: 'revoked',
        set: ['#document.revoked_at = :at'],
        condition: 'attribute_exists(pk) and attribute_not_exists(#document.revoked_at)',
        names: { '#document': 'document' },
        values: { ':at': plain(table.where, Timestamp, at) },
      });
    },

    async noteUse(hash, at) {
      const before = hourBefore(at);
      if ((noted.get(hash) ?? '') > before) return;
      noted.set(hash, at);
      await items.update(useKey(hash), {
        kind: 'used',
        set: ['#at = :at'],
        condition: 'attribute_not_exists(pk) or #at <= :before',
        names: { '#at': 'at' },
        values: { ':at': at, ':before': before },
      });
    },
  };
};
