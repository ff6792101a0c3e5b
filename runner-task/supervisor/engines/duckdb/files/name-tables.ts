import { createHash } from 'node:crypto';
import type { TableNote } from '../../../../../src/contracts/schema.ts';
import { dataFileStem } from '../../../../../src/domain/engines/duckdb/data-file.ts';

const maxName = 128;

/** Names that are still free. DuckDB ignores case in them. */
export type TableNames = (wanted: string) => string;

/** A text without what a name cannot hold: a dot would read as a schema. One that is too long is cut, and ends in a hash of the whole. */
const nameOf = (text: string): string => {
  const name = text.replace(/[\p{Cc}.]/gu, '_');
  if (name.length <= maxName) return name;
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 8);
  let kept = '';
  for (const character of name) {
    if (kept.length + character.length > maxName - hash.length - 1) break;
    kept += character;
  }
  return `${kept}_${hash}`;
};

/** Hands out names of tables, none twice: where one is taken, a number makes the next. */
export const createTableNames = (): TableNames => {
  const taken = new Set<string>();
  return (wanted) => {
    for (let number = 1; ; number += 1) {
      const ending = number === 1 ? '' : `_${number}`;
      const whole = nameOf(wanted);
      const name = (whole.length + ending.length > maxName ? whole.slice(0, maxName - ending.length) : whole) + ending;
      if (taken.has(name.toLowerCase())) continue;
      taken.add(name.toLowerCase());
      return name;
    }
  };
};

/** A name as a message can hold it, in one line. */
export const shownName = (name: string): string => JSON.stringify(name).slice(1, -1).replaceAll('\\"', '"');

/**
 * How the tables of files are named, in the order of the files. A table has the name of its file's stem, with dots as `_`. Stems that are the same to
 * DuckDB keep their ending: `a.csv` and `A.parquet` become `a_csv` and `A_parquet`. Where that is not enough, as for
 * `sales.2024.csv` beside `sales_2024.csv`, a number does. A name that does not tell its file comes with a note that does.
 */
export const nameTables = (
  files: readonly string[],
  takeName: TableNames,
): readonly { readonly table: string; readonly notes: readonly TableNote[] }[] => {
  const stemOf = (file: string): string => dataFileStem(file);
  const uses = Map.groupBy(files, (file) => nameOf(stemOf(file)).toLowerCase());
  return files.map((file) => {
    const isShared = (uses.get(nameOf(stemOf(file)).toLowerCase())?.length ?? 0) > 1;
    const table = takeName(isShared ? file : stemOf(file));
    const tellsFile = table === stemOf(file).replaceAll('.', '_') || table === file.replaceAll('.', '_');
    const isUnclear = isShared && files.filter((other) => nameOf(other) === nameOf(file)).length > 1;
    const detail = `The table is made of the file ${shownName(file)}, whose own name another table has or no table can have.`;
    return { table, notes: tellsFile && !isUnclear ? [] : [{ kind: 'renamed', detail }] };
  });
};
