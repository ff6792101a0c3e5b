import { Failure } from '../../../../../src/contracts/failure.ts';
import { dataFileStem, isDataFile } from '../../../../../src/domain/engines/duckdb/data-file.ts';

/** How a file is read. */
export type FileFormat = 'csv' | 'parquet';

/** A file that can be a table, and how it is read. */
export type TableFile = { readonly table: string; readonly file: string; readonly format: FileFormat };

const longestName = 128;

/**
 * The tables that a folder's files make. A table is named by its file's stem, with dots as `_` (a dot in a table's name
 * would read as a schema). Stems that are the same to DuckDB, which ignores case, keep their ending: `a.csv` and
 * `A.parquet` become `a_csv` and `A_parquet`. Hidden files, other endings and subfolders are not read.
 */
export const tableFiles = (files: readonly string[]): readonly TableFile[] => {
  const candidates = files.filter(isDataFile).toSorted();
  const stemOf = (file: string): string => dataFileStem(file).replaceAll('.', '_');
  const uses = Map.groupBy(candidates, (file) => stemOf(file).toLowerCase());
  const tables = candidates.map((file): TableFile => {
    const stem = stemOf(file);
    const shared = (uses.get(stem.toLowerCase())?.length ?? 0) > 1;
    return {
      table: shared ? file.replaceAll('.', '_') : stem,
      file,
      format: /\.parquet$/i.test(file) ? 'parquet' : 'csv',
    };
  });
  for (const { table, file } of tables) {
    if (table.length > longestName || /\p{Cc}/u.test(table)) {
      throw new Failure(
        'DATABASE_UNREACHABLE',
        `The file ${JSON.stringify(file)} cannot name a table: at most ${longestName} characters and no control characters. Rename it.`,
        { where: file },
      );
    }
  }
  const clash = [...Map.groupBy(tables, ({ table }) => table.toLowerCase()).values()].find((same) => same.length > 1);
  if (clash) {
    const named = clash.map(({ file }) => JSON.stringify(file)).join(' and ');
    throw new Failure('DATABASE_UNREACHABLE', `The files ${named} would be one table. Rename one of them.`);
  }
  return tables;
};
