import { once } from 'node:events';
import pg, { type FieldDef, type ResultBuilder } from 'pg';
import { Failure } from '../../../../src/contracts/failure.ts';
import type { ResultTable, ResultValue, StatementLimits } from '../../../../src/contracts/sandbox.ts';
import { inMebibytes } from '../../memory-watch.ts';
import { valueBytes } from '../value-bytes.ts';
import type { PostgresConnection } from './connect.ts';
import type { ValueType } from './value-types.ts';

type Row = readonly (string | null)[];

/** A result as the server sent it: values in its own notation. */
export type SentRows = {
  readonly fields: readonly FieldDef[];
  readonly rows: readonly Row[];
  readonly truncated: boolean;
};

/** The lengths that a row has beside its values, of 1,664 columns at most. */
const rowOverhead = 16 * 1024;

const rowTooLarge = (bytes: number, limits: StatementLimits): Failure =>
  new Failure(
    'STATEMENT_FAILED',
    `A row of the result has ${inMebibytes(bytes)}, of ${inMebibytes(limits.bytes)} that a result may have. Ask for less of it, as with left(text, 1000) or octet_length(text).`,
  );

const asSent = { getTypeParser: () => (text: string) => text };

/**
 * Sends one statement in the extended protocol, which takes no second one in a text, and reads its result up to the
 * limits. Beyond them it is cancelled at the server, and what is on its way is dropped: the protocol's limit of rows would
 * be gentler, but under it the server plans no parallel work, and a scan of a large table takes twice as long.
 */
export const runStatement = async (
  connection: PostgresConnection,
  sql: string,
  limits: StatementLimits,
): Promise<SentRows> => {
  const rows: Row[] = [];
  let fields: readonly FieldDef[] = [];
  let bytes = 0;
  let cancelled: Promise<void> | undefined;
  const config = { text: sql, values: [], rowMode: 'array', types: asSent, queryMode: 'extended' };
  const query = new pg.Query(config);
  query.on('row', (row: Row, result: ResultBuilder | undefined) => {
    if (cancelled) return;
    fields = result?.fields ?? [];
    bytes += row.reduce((sum, value) => sum + valueBytes(value), 0);
    if (rows.length < limits.rows && bytes <= limits.bytes) rows.push(row);
    else cancelled = connection.cancel().catch(() => connection.destroy());
  });
  connection.guard.maxRowBytes = limits.bytes + rowOverhead;
  const ended = once(query, 'end');
  connection.client.query(query);
  try {
    const [result] = (await ended) as [ResultBuilder];
    ({ fields } = result);
  } catch (error) {
    const { tooLarge } = connection.guard;
    if (tooLarge !== undefined) {
      if (rows.length === 0) throw rowTooLarge(tooLarge, limits);
      return { fields, rows, truncated: true };
    }
    if (!cancelled) throw error;
  } finally {
    connection.guard.maxRowBytes = Infinity;
  }
  // Awaited, so that it does not end what comes next.
  await cancelled;

  return { fields, rows, truncated: cancelled !== undefined };
};

/** Reads what the server sent, by what the types of its values are. */
export const readResult = async (
  { fields, rows, truncated }: SentRows,
  typesOf: (oids: readonly number[]) => Promise<readonly ValueType[]>,
): Promise<ResultTable> => {
  const columnTypes = await typesOf(fields.map(({ dataTypeID }) => dataTypeID));
  const values = columnTypes.map(({ read }, column) =>
    rows.map((row): ResultValue => {
      const text = row[column] ?? null;
      return text === null ? null : read(text);
    }),
  );
  const columns = fields.map(({ name }, index) => ({ name, type: columnTypes[index]?.name ?? 'unknown' }));
  return { columns, values, rows: rows.length, truncated };
};
