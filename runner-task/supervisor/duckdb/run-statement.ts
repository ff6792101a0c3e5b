import type { DuckDBConnection } from '@duckdb/node-api';
import { Failure } from '../../../src/contracts/failure.ts';
import type { ResultTable, ResultValue, StatementLimits } from '../../../src/contracts/sandbox.ts';
import { resultValue } from './result-value.ts';

/** What a value takes in JSON, near enough to bound a result. */
const sizeOf = (value: ResultValue): number => (typeof value === 'string' ? Buffer.byteLength(value) + 3 : 8);

/** Runs a checked statement and reads its result up to the limits; rows beyond them are never fetched. */
export const runStatement = async (
  connection: DuckDBConnection,
  sql: string,
  limits: Pick<StatementLimits, 'rows' | 'bytes'>,
): Promise<ResultTable> => {
  try {
    const result = await connection.stream(sql);
    const columns = result.columnNames().map((name, index) => ({ name, type: result.columnType(index).toString() }));
    const values: ResultValue[][] = columns.map(() => []);
    let rows = 0;
    let bytes = 0;
    for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
      const read = chunk.getColumns().map((column) => column.map(resultValue));
      let fits = 0;
      for (; fits < chunk.rowCount; fits += 1) {
        bytes += read.reduce((sum, column) => sum + sizeOf(column[fits] ?? null), 0);
        if (rows + fits === limits.rows || bytes > limits.bytes) break;
      }
      for (const [index, column] of read.entries()) {
        for (const value of column.slice(0, fits)) values[index]?.push(value);
      }
      rows += fits;
      if (fits < chunk.rowCount) return { columns, values, rows, truncated: true };
    }
    return { columns, values, rows, truncated: false };
  } catch (error) {
    throw new Failure('STATEMENT_FAILED', (error instanceof Error ? error.message : String(error)).trim(), {
      cause: error,
    });
  }
};
