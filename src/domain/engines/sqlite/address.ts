import { fileAddress } from '../address/file-address.ts';

/** A SQLite database file. One that ends in .db may be DuckDB's too: there its content tells. */
export const sqliteAddress = fileAddress('sqlite', {
  scheme: 'sqlite',
  endings: ['sqlite', 'sqlite3'],
  signature: { at: 0, text: 'SQLite format 3\0' },
});
