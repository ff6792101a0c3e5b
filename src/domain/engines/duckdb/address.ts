import { fileAddress } from '../address/file-address.ts';

/** A DuckDB database file. */
export const duckdbAddress = fileAddress('duckdb', {
  scheme: 'duckdb',
  endings: ['duckdb', 'ddb'],
  signature: { at: 8, text: 'DUCK' },
});

/** Data files, which DuckDB reads. */
export const filesAddress = fileAddress('files', { scheme: 'file', endings: [] });
