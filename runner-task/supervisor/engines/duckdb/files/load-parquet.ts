import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteName } from '../../../../../src/domain/sql-name.ts';
import { quotePath } from '../quote-path.ts';
import type { FileLoader } from './file-loader.ts';

/** A file can hold a billion rows in a kilobyte, where they are equal: more than this is not copied. */
const maxCopiedBytes = 1024 ** 3;

/** About how much memory the rows of a file take. */
const copiedSize = async (connection: DuckDBConnection, path: string): Promise<number> => {
  const read = await connection.runAndReadAll(
    `SELECT sum(greatest(total_uncompressed_size, num_values * 4))::DOUBLE FROM parquet_metadata(${quotePath(path)})`,
  );
  return Number(read.getRowsJS()[0]?.[0] ?? 0);
};

/** A Parquet file as a statement reads it. Only its own columns: what its folders' names hold is another's matter. */
export const parquetSource = (path: string): string => `read_parquet(${quotePath(path)}, hive_partitioning = false)`;

/** Parquet files. */
export const parquetLoader: FileLoader = {
  title: 'Parquet',
  async load(connection, { table, path, bytes, notes }, { copied }) {
    const isCopied = copied && (await copiedSize(connection, path)) <= maxCopiedBytes;
    await connection.run(
      `CREATE ${isCopied ? 'TABLE' : 'VIEW'} ${quoteName(table)} AS SELECT * FROM ${parquetSource(path)}`,
    );
    return [{ table, bytes, notes, reads: isCopied ? [] : [path] }];
  },
};
