import type { DuckDBConnection } from '@duckdb/node-api';
import { Failure } from '../../../../src/contracts/failure.ts';
import type { ResultTable, ResultValue, StatementLimits } from '../../../../src/contracts/sandbox.ts';
import { brokenView } from '../broken-view.ts';
import { valueBytes } from '../value-bytes.ts';
import { collectAfter } from './collect-garbage.ts';
import { resultValue } from './result-value.ts';

type Limits = Pick<StatementLimits, 'rows' | 'bytes'>;

const readResult = async (connection: DuckDBConnection, sql: string, limits: Limits): Promise<ResultTable> => {
  const result = await connection.stream(sql);
  const columns = result.columnNames().map((name, index) => ({ name, type: result.columnType(index).toString() }));
  const values: ResultValue[][] = columns.map(() => []);
  let rows = 0;
  let bytes = 0;
  for await (const chunk of result) {
    const vectors = columns.map((_, index) => chunk.getColumnVector(index));
    // Row by row, since a vector makes a value when it is asked for it: a chunk has 2,048 rows, and those behind the
    // limit can hold hundreds of megabytes.
    for (let row = 0; row < chunk.rowCount; row += 1) {
      if (rows === limits.rows) return { columns, values, rows, truncated: true };
      const read = vectors.map((vector) => resultValue(vector.getItem(row)));
      bytes += read.reduce<number>((sum, value) => sum + valueBytes(value), 0);
      if (bytes > limits.bytes) return { columns, values, rows, truncated: true };
      for (const [index, value] of read.entries()) values[index]?.push(value);
      rows += 1;
    }
  }
  return { columns, values, rows, truncated: false };
};

/** Runs a checked statement and reads its result up to the limits; rows beyond them are never read. */
export const runStatement = async (connection: DuckDBConnection, sql: string, limits: Limits): Promise<ResultTable> => {
  try {
    return await collectAfter(() => readResult(connection, sql, limits));
  } catch (error) {
    const [message = '', excerpt] = (error instanceof Error ? error.message : String(error))
      .trim()
      // DuckDB puts the place in the statement behind what it says.
      .split(/\n+(?=LINE \d+: )/, 2);
    const [, missing] = /^Catalog Error: Table with name (.+?) does not exist!/.exec(message) ?? [];
    const broken = missing === undefined ? undefined : brokenView(sql, missing);
    // The place is one in the view's definition.
    if (broken !== undefined) throw new Failure('STATEMENT_FAILED', broken, { cause: error });
    throw new Failure('STATEMENT_FAILED', message, { excerpt, cause: error });
  }
};
