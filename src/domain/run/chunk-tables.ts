import type { TableRef } from '../../contracts/table-ref.ts';

/**
 * What one execution of the machine `profile` takes. 200 tables are 1,400 history events of 25,000, 9,800 where each is tried
 * again as often as it may; where each of them fails, their causes of 120 characters are at most 170 KB of a payload of 256 KiB.
 * The names are told once in the list of the tables, at most 100 KB of it.
 */
export const maxTablesPerChunk = 200;
const maxBytesPerChunk = 100_000;

/**
 * A run starts one execution after the other for its chunks, twice: 500 of them are 8,000 events of its own. They hold
 * 100,000 tables.
 */
export const maxChunks = 500;

/** A name may be of any length in SQLite and DuckDB; as JSON, one of more bytes is carried by no state. */
export const maxTableNameBytes = 4_000;

/** How large the name of a table is where states carry it. */
export const bytesOf = (table: TableRef): number => Buffer.byteLength(JSON.stringify(table));

/** Tables in chunks, in their order; none is empty. */
export const chunkTables = (tables: readonly TableRef[]): readonly (readonly TableRef[])[] => {
  const chunks: TableRef[][] = [];
  let bytes = 0;
  for (const table of tables) {
    const own = bytesOf(table) + 1;
    const last = chunks.at(-1);
    if (last === undefined || last.length === maxTablesPerChunk || bytes + own > maxBytesPerChunk) {
      chunks.push([table]);
      bytes = own;
    } else {
      last.push(table);
      bytes += own;
    }
  }
  return chunks;
};
