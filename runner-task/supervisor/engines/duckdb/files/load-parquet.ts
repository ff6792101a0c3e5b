import { quoteName } from '../../../../../src/domain/sql-name.ts';
import { quotePath } from '../quote-path.ts';
import type { FileLoader } from './file-loader.ts';

/** Parquet files. */
export const parquetLoader: FileLoader = {
  title: 'Parquet',
  async load(connection, { table, path, bytes }, copied) {
    await connection.run(
      `CREATE ${copied ? 'TABLE' : 'VIEW'} ${quoteName(table)} AS SELECT * FROM read_parquet(${quotePath(path)})`,
    );
    return [{ table, bytes }];
  },
};
