import type { FieldPacket } from 'mysql2';
import type { ResultTable, ResultValue, StatementLimits } from '../../../../src/contracts/sandbox.ts';
import type { MysqlConnection } from './connect.ts';
import { valueBytes } from '../value-bytes.ts';
import { readWarnings } from './read-warnings.ts';
import { resultColumn, type ResultColumn } from './result-column.ts';

/**
 * A value can be of 1 GiB, and comes in whole: past this many bytes for what is wanted, its connection is given up. The
 * sockets' buffers hold up to some MiB of a result that was killed, which are read.
 */
const mostBytes = (limits: StatementLimits): number => limits.bytes * 4 + 16 * 1024 * 1024;
const watchMilliseconds = 20;

/**
 * Sends one statement and reads its result up to the limits. What lies beyond is dropped by `kill`, which ends the
 * statement on the server; until it has, nothing is read.
 *
 * In the text protocol, not as a prepared statement: the driver never announces CLIENT_MULTI_STATEMENTS, so the server
 * takes a second statement for a syntax error, as it would of a prepared one; there are no parameters to escape; and
 * the values come in the server's own notation, where the binary protocol leaves its client to write them.
 */
export const runStatement = async (
  connection: MysqlConnection,
  sql: string,
  limits: StatementLimits,
  kill: () => Promise<void>,
): Promise<ResultTable> => {
  const { driver } = connection;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let columns: readonly ResultColumn[] = [];
  const values: ResultValue[][] = [];
  let rows = 0;
  let bytes = 0;
  let truncated = false;
  let killed: Promise<void> | undefined;
  let destroyed = false;

  const drop = (): void => {
    if (killed) return;
    driver.pause();
    // Resumed in any case: a statement that could not be killed ends with its connection.
    killed = kill().finally(() => driver.resume());
    killed.catch(reject);
  };
  const take = (row: readonly (Buffer | null)[]): void => {
    if (truncated) return drop();
    const read = columns.map((column, index) => {
      const value = row[index];
      return value === null || value === undefined ? null : column.read(value);
    });
    bytes += read.reduce<number>((sum, value) => sum + valueBytes(value), 0);
    if (bytes > limits.bytes) {
      truncated = true;
      return drop();
    }
    if (rows === limits.rows) {
      // No kill yet: mostly this row is the last one, as sql_select_limit says.
      truncated = true;
      return;
    }
    for (const [index, value] of read.entries()) values[index]?.push(value);
    rows += 1;
  };

  const before = connection.bytesRead();
  const watch = setInterval(() => {
    if (connection.bytesRead() - before <= mostBytes(limits)) return;
    truncated = true;
    destroyed = true;
    resolve();
    connection.destroy();
  }, watchMilliseconds);
  driver.on('error', reject);
  const query = driver.query({ sql, rowsAsArray: true, typeCast: false });
  query
    .on('fields', (fields: readonly FieldPacket[] | undefined) => {
      if (fields === undefined || columns.length > 0) return;
      columns = fields.map(resultColumn);
      values.push(...columns.map(() => []));
    })
    .on('result', (row: unknown) => {
      if (Array.isArray(row)) take(row);
    })
    .on('error', reject)
    .on('end', () => resolve());
  try {
    await promise.catch((error: unknown) => {
      // The end of what was cut.
      if (!killed) throw error;
    });
    await killed;
  } finally {
    clearInterval(watch);
    driver.off('error', reject);
  }
  // Of a statement that was ended, the warnings tell of that.
  const incomplete = killed || destroyed ? undefined : await readWarnings(connection);
  const table = { columns: columns.map(({ name, type }) => ({ name, type })), values, rows, truncated };
  return incomplete === undefined ? table : { ...table, incomplete };
};
