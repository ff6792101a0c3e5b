import type { FieldDef } from 'pg';
import Cursor from 'pg-cursor';
import type { ResultTable, ResultValue, StatementLimits } from '../../../src/contracts/sandbox.ts';
import type { PostgresConnection } from './connect.ts';
import type { ValueTypes } from './value-types.ts';

type Row = readonly (string | null)[];

/** A batch is read whole: few rows at first, then as many as make about this much. */
const firstRows = 100;
const batchBytes = 4 * 1024 * 1024;
const mostRows = 10_000;

const asSent = { getTypeParser: () => (text: string) => text };

const readBatch = (
  cursor: Cursor<Row>,
  rows: number,
): Promise<{ batch: readonly Row[]; fields: readonly FieldDef[] }> =>
  new Promise((resolve, reject) => {
    cursor.read(rows, (error, batch, result) =>
      error ? reject(error) : resolve({ batch, fields: result?.fields ?? [] }),
    );
  });

/** What a row takes in JSON, near enough to bound a result. */
const sizeOf = (row: Row): number =>
  row.reduce((sum, value) => sum + (value === null ? 4 : Buffer.byteLength(value) + 3), 0);

/**
 * Sends one statement in the extended protocol, which takes no second one in a text, and reads its result in batches up to
 * the limits; rows beyond them are never fetched.
 */
export const runStatement = async (
  connection: PostgresConnection,
  sql: string,
  limits: StatementLimits,
  types: ValueTypes,
): Promise<ResultTable> => {
  const cursor = connection.client.query(new Cursor<Row>(sql, [], { rowMode: 'array', types: asSent }));
  const rows: Row[] = [];
  let fields: readonly FieldDef[] = [];
  let bytes = 0;
  let wanted = firstRows;
  let truncated = false;
  for (;;) {
    // One row more than is wanted tells a result that was cut.
    const asked = Math.min(wanted, limits.rows - rows.length + 1);
    const read = await readBatch(cursor, asked);
    if (read.fields.length > 0) fields = read.fields;
    for (const row of read.batch) {
      bytes += sizeOf(row);
      truncated = rows.length === limits.rows || bytes > limits.bytes;
      if (truncated) break;
      rows.push(row);
    }
    if (truncated || read.batch.length < asked) break;
    wanted = Math.max(1, Math.min(mostRows, Math.floor(batchBytes / Math.max(1, bytes / rows.length))));
  }
  // Not awaited: where the connection breaks now it would never be answered, and the next statement waits for it anyway.
  if (truncated) cursor.close(() => undefined);

  const columnTypes = await types.resolve(
    connection,
    fields.map(({ dataTypeID }) => dataTypeID),
  );
  const values = columnTypes.map(({ read }, column) =>
    rows.map((row): ResultValue => {
      const text = row[column] ?? null;
      return text === null ? null : read(text);
    }),
  );
  const columns = fields.map(({ name }, index) => ({ name, type: columnTypes[index]?.name ?? 'unknown' }));
  return { columns, values, rows: rows.length, truncated };
};
