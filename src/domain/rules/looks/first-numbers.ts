import { compareDecimals, readDecimal, writeDecimal } from '../../figures/decimal.ts';
import { aliasesOf } from '../aliases.ts';
import { measuredColumns } from '../column-roles.ts';
import type { Look } from '../rule-card.ts';
import type { RuleColumn } from '../rule-table.ts';

/**
 * The numbers of the first rows of a table: of each column one a row, NaN where there is none. Of numbers with more digits
 * than a double only the order is known, and `values` are their places in it.
 */
export type FirstNumbers = readonly {
  readonly column: RuleColumn;
  readonly values: readonly number[];
  readonly isOrderAlone: boolean;
}[];

/** So many rows tell what goes together; of many columns fewer, for so many numbers fit an answer. */
const maxRows = 2_000;
const maxNumbers = 60_000;

/** Reads the numbers of the first rows, for what can be found out without asking again. */
export const firstNumbers: Look<FirstNumbers> = (table) => {
  const columns = measuredColumns(table).filter(({ range }) => range !== undefined && range.min !== range.max);
  if (columns.length < 2) return { asks: [] };
  const rows = Math.min(maxRows, Math.max(100, Math.floor(maxNumbers / columns.length)));
  const answer = aliasesOf(columns, (column) => ({
    x: isWide(column) ? table.sql.asText(column) : table.sql.asNumber(column),
  }));
  return {
    asks: [
      {
        about: 'the numbers of its first rows',
        sql: `select ${answer.list}\nfrom ${table.from} limit ${rows}`,
        rows,
        read: (read) => {
          const texts = read.map((row) => answer.read(row).map(([, cells]) => cells.text('x')));
          return columns.map((column, index) => {
            const own = texts.map((row) => row[index]);
            const isOrderAlone = isWide(column);
            const values = isOrderAlone ? placesOf(own) : own.map((text) => Number(text ?? Number.NaN));
            return { column, values, isOrderAlone };
          });
        },
      },
    ],
  };
};

/** Whether the profile shows numbers that a double does not hold. */
const isWide = ({ range, quantiles, moments }: RuleColumn): boolean =>
  [range?.min, range?.max, quantiles?.p50, moments?.mean].some((value) => typeof value === 'string');

/** The place of each number among the different ones, NaN of what is none. */
const placesOf = (texts: readonly (string | undefined)[]): readonly number[] => {
  const numbers = texts.map(readDecimal);
  const order = numbers.filter((value) => value !== undefined).toSorted(compareDecimals);
  const places = new Map<string, number>();
  for (const value of order) if (!places.has(writeDecimal(value))) places.set(writeDecimal(value), places.size);
  return numbers.map((value) => (value && places.get(writeDecimal(value))) ?? Number.NaN);
};
