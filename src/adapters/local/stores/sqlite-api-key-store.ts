import { ApiKey } from '../../../contracts/api-key.ts';
import type { ApiKeyStore } from '../../../ports/api-key-store.ts';
import type { SqliteDocuments } from './sqlite-documents.ts';

/** API keys in a SQLite file. */
export const sqliteApiKeyStore = ({ file, get }: SqliteDocuments): ApiKeyStore => ({
  async put(key) {
    file.run(
      'insert into api_keys (hash, document) values (?, ?) on conflict do update set document = excluded.document',
      key.hash,
      JSON.stringify(key),
    );
  },

  async find(hash) {
    return get(ApiKey, 'select document from api_keys where hash = ?', hash);
  },
});
