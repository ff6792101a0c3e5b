import type { RequestCountStore } from '../../../ports/request-count-store.ts';
import { windowEnd } from '../../window-end.ts';
import type { SqliteDocuments } from './sqlite-documents.ts';

/** Counted requests in a SQLite file. */
export const sqliteRequestCountStore = ({ file }: Pick<SqliteDocuments, 'file'>): RequestCountStore => ({
  async count(keyHash, { start, seconds }) {
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
