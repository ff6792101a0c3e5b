import { ApiKey } from '../../../contracts/api-key.ts';
import type { ApiKeyStore } from '../../../ports/api-key-store.ts';
import { hourBefore } from '../../hour-before.ts';
import type { SqliteDocuments } from './sqlite-documents.ts';

/** API keys in a SQLite file. */
export const sqliteApiKeyStore = ({ file, get, read, text, change }: SqliteDocuments): ApiKeyStore => ({
  async add(key) {
    file.run(
      'insert into api_keys (hash, document) values (?, ?) on conflict do update set document = excluded.document',
      key.hash,
      text(ApiKey, key),
    );
  },

  async find(hash) {
    return get(ApiKey, 'select document from api_keys where hash = ?', hash);
  },

  async list() {
    const rows = file.all(
      `select document, used_at from api_keys left join api_key_uses on key_hash = hash
      order by document ->> 'created_at', hash`,
    );
    return rows.map((row) => {
      const used = row['used_at'];
      return { ...read(ApiKey, row), ...(typeof used === 'string' ? { last_used_at: used } : {}) };
    });
  },

  async revoke(hash, at) {
    const revocation = {
      table: 'api_keys',
      set: `json_set(document, '$.revoked_at', ?)`,
      where: `hash = ? and document ->> 'revoked_at' is null`,
    };
    return change(ApiKey, revocation, at, hash);
  },

  async noteUse(hash, at) {
    file.run(
      `insert into api_key_uses (key_hash, used_at) values (?, ?)
      on conflict do update set used_at = excluded.used_at where used_at <= ?`,
      hash,
      at,
      hourBefore(at),
    );
  },
});
