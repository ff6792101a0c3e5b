import { aliasesOf } from '../aliases.ts';
import { measuredColumns } from '../column-roles.ts';
import type { Look } from '../rule-card.ts';
import type { RuleColumn } from '../rule-table.ts';

/** The numbers of the first rows of a table: of each column one a row, NaN where there is none. */
export type FirstNumbers = readonly { readonly column: RuleColumn; readonly values: readonly number[] }[];

/** So many rows tell what goes together; of many columns fewer, for so many numbers fit an answer. */
const maxRows = 2_000;
const maxNumbers = 60_000;

/** Reads the numbers of the first rows, for what can be found out without asking again. */
export const firstNumbers: Look<FirstNumbers> = (table) => {
  const columns = measuredColumns(table).filter(({ range }) => range !== undefined && range.min !== range.max);
  if (columns.length < 2) return { asks: [] };
  const rows = Math.min(maxRows, Math.max(100, Math.floor(maxNumbers / columns.length)));
  const answer = aliasesOf(columns, (column) => ({ x: table.sql.asNumber(column) }));
  return {
    asks: [
      {
        about: 'the numbers of its first rows',
        sql: `select ${answer.list}\nfrom ${table.from} limit ${rows}`,
        rows,
        read: (read) => {
          const numbers = read.map((row) => answer.read(row).map(([, cells]) => Number(cells.text('x') ?? Number.NaN)));
          return columns.map((column, index) => ({
            column,
            values: numbers.map((row) => row[index] ?? Number.NaN),
          }));
        },
      },
    ],
  };
};
