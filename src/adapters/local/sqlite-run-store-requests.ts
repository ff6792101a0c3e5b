import { IdempotencyClaim } from '../../contracts/idempotency.ts';
import type { RunStore } from '../../ports/run-store.ts';
import { storedDocument, storedJson } from '../stored-document.ts';
import { windowEnd } from '../window-end.ts';
import type { SqliteFile } from './sqlite-file.ts';

/** The part of the run store that remembers requests: which were sent before, and how many there were. */
export const sqliteRequests = (
  file: SqliteFile,
  path: string,
): Pick<RunStore, 'claimIdempotencyKey' | 'countRequest'> => ({
  async claimIdempotencyKey(claim, now) {
    return file.transaction(() => {
      file.run(`delete from idempotency_claims where document ->> 'expires_at' <= ?`, now);
      file.run(
        'insert into idempotency_claims (tenant, key, document) values (?, ?, ?) on conflict do nothing',
        claim.tenant,
        claim.key,
        JSON.stringify(claim),
      );
      const row = file.get(
        'select document from idempotency_claims where tenant = ? and key = ?',
        claim.tenant,
        claim.key,
      );
      return storedDocument(IdempotencyClaim, storedJson(row?.['document']), path);
    });
  },

  async countRequest(keyHash, { start, seconds }) {
    return file.transaction(() => {
      const row = file.get(
        `insert into request_counts (key_hash, start, seconds, ends_at, count) values (?, ?, ?, ?, 1)
         on conflict do update set count = count + 1 returning count`,
        keyHash,
        start,
        seconds,
        windowEnd({ start, seconds }),
      );
      const count = Number(row?.['count']);
      // The first of a window sweeps up those that ended before it.
      if (count === 1) file.run('delete from request_counts where ends_at <= ?', start);
      return count;
    });
  },
});
