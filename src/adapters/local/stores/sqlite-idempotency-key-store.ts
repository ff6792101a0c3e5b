import { IdempotencyClaim } from '../../../contracts/idempotency.ts';
import type { IdempotencyKeyStore } from '../../../ports/idempotency-key-store.ts';
import { storedDocument, storedJson } from '../../../contracts/stored-document.ts';
import type { SqliteDocuments } from './sqlite-documents.ts';

/** Idempotency keys in a SQLite file. */
export const sqliteIdempotencyKeyStore = ({ file, path, text }: SqliteDocuments): IdempotencyKeyStore => ({
  async claim(claim, now) {
    return file.transaction(() => {
      file.run(`delete from idempotency_claims where document ->> 'expires_at' <= ?`, now);
      file.run(
        'insert into idempotency_claims (tenant, key, document) values (?, ?, ?) on conflict do nothing',
        claim.tenant,
        claim.key,
        text(IdempotencyClaim, claim),
      );
      const row = file.get(
        'select document from idempotency_claims where tenant = ? and key = ?',
        claim.tenant,
        claim.key,
      );
      return storedDocument(IdempotencyClaim, storedJson(row?.['document']), path);
    });
  },
});
