import type { TableSchema } from '../../../contracts/schema.ts';
import { charactersPerStatement } from '../../figures/figure-limits.ts';
import type { TableEstimate } from '../../figures/profile-plan.ts';
import type { Figures } from '../../figures/read-figures.ts';
import { quoteName } from '../../sql-name.ts';
import { sqliteNames } from './names.ts';
import { keyRange, wholeKey } from '../key-ranges.ts';
import { asStored, isBoolean, isWhole, isTime, type StoredValues } from './column-kind.ts';
import { epoch, readColumn } from './column-sql.ts';

/** Rows that tell as what the values of a column are stored. The figures look at each value again. */
const lookedAtRows = 10_000;

/** SQLite takes 2,000 aggregates in one SELECT, of which a column has five. */
const columnsPerSelect = 300;

/** SQLite answers with 2,000 columns at most; there are the rows and a key's ends besides. */
const mostAnswered = 1_900;

const storage = ['integer', 'real', 'text', 'blob'] as const;

/**
 * Counts a table's rows, which a file of SQLite does not keep, and as what its first values are stored. The columns whose
 * share of the statement is too long for it, of a table with more than a thousand, are taken as they are declared.
 */
export const estimateStatement = (schema: TableSchema): string => {
  const { name, columns } = schema;
  const table = sqliteNames.quoteTable(name);
  const parts = columns.map((column, index) => {
    const c = `c${index}`;
    const fitting = isTime(column) ? `count(${epoch(c)})` : isBoolean(column) ? `sum(${c} IN (0, 1))` : '0';
    const counts = storage.map((stored) => `sum(typeof(${c}) = '${stored}')`);
    return {
      read: readColumn({ column, index }),
      told: `json_array(${[...counts, fitting].join(', ')}) AS c${index}_stored`,
    };
  });
  let characters = 1_000;
  const fitting = parts
    .filter(({ read, told }) => (characters += read.length + told.length + 20) < charactersPerStatement)
    .slice(0, mostAnswered);
  const key = wholeKey(schema, isWhole);
  const keyEnds =
    key === undefined
      ? []
      : [
          `(SELECT min(${quoteName(key)}) FROM ${table}) AS key_least`,
          `(SELECT max(${quoteName(key)}) FROM ${table}) AS key_greatest`,
        ];
  return `WITH few AS (
  SELECT ${['1 AS row', ...fitting.map(({ read }) => read)].join(',\n    ')}
  FROM ${table} LIMIT ${lookedAtRows}
)
SELECT ${[`(SELECT count(*) FROM ${table}) AS rows`, ...keyEnds, ...answered(fitting.map(({ told }) => told))].join(',\n  ')}`;
};

/** Aggregates over the first rows and where they come from: of a wide table from several SELECTs of one row. */
const answered = (told: readonly string[]): readonly string[] => {
  if (told.length <= columnsPerSelect) return [...told.slice(0, -1), `${told.at(-1) ?? '1'}\nFROM few`];
  const selects = Array.from({ length: Math.ceil(told.length / columnsPerSelect) }, (_, at) => {
    const few = told.slice(at * columnsPerSelect, (at + 1) * columnsPerSelect);
    return `(SELECT ${few.join(',\n    ')}\n  FROM few)`;
  });
  return [`*\nFROM ${selects.join(',\n  ')}`];
};

/** What that statement answered: the rows, and the columns as they are stored. */
export const readEstimate = (schema: TableSchema, figures: Figures | undefined): TableEstimate => ({
  rows: { basis: 'exact', count: figures?.count(undefined, 'rows') ?? 0 },
  distinct: new Map(),
  keys: keyRange(
    wholeKey(schema, isWhole),
    figures?.number(undefined, 'key_least'),
    figures?.number(undefined, 'key_greatest'),
  ),
  columns: schema.columns.map((column, index) => {
    const text = figures?.text(index, 'stored');
    return text === undefined ? column : asStored(column, storedValues(text));
  }),
});

const storedValues = (text: string): StoredValues => {
  const counts: readonly unknown[] = JSON.parse(text);
  const [integer, real, stored, blob, fitting] = counts.map(Number);
  return { integer: integer ?? 0, real: real ?? 0, text: stored ?? 0, blob: blob ?? 0, fitting: fitting ?? 0 };
};
