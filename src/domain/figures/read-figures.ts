import type { ResultTable } from '../../contracts/sandbox.ts';

/** One row of a group: a value in the engine’s notation, and how often it occurs. */
export type Group = { readonly value: string; readonly count: number };

/** What the statements of a profile answered, by the number of the column (undefined: the table) and the figure’s name. */
export type Figures = {
  /** Undefined where the database had none, as the mean of no values. */
  text(column: number | undefined, name: string): string | undefined;
  /** Undefined also where it is none that a double can hold, as the deviation of one value. */
  number(column: number | undefined, name: string): number | undefined;
  /** Of a figure that no row of which means none counted. */
  count(column: number | undefined, name: string): number;
  groups(column: number | undefined, name: string): readonly Group[];
};

type FigureRow = Group & { readonly name: string };

/** The rows of name, value and count; of a statement that answered with one wide row, its columns are the names. */
const rowsIn = ({ columns, values }: ResultTable): readonly FigureRow[] => {
  if (columns[0]?.name !== 'name')
    return columns.flatMap(({ name }, column) => {
      const value = values[column]?.[0];
      return value === null || value === undefined ? [] : [{ name, value: String(value), count: 0 }];
    });
  const [names = [], texts = [], counts = []] = values;
  return names.map((name, row) => ({ name: String(name), value: String(texts[row]), count: Number(counts[row]) }));
};

/** Reads the rows of all statements. Of a figure that several parts of a wide table tell (their samples differ), the greatest. */
export const readFigures = (results: readonly ResultTable[]): Figures => {
  const rows = results.flatMap(rowsIn);
  const byName = Map.groupBy(rows, ({ name }) => name);
  const rowsOf = (column: number | undefined, name: string): readonly Group[] =>
    byName.get(column === undefined ? name : `c${column}_${name}`) ?? [];
  const number = (column: number | undefined, name: string): number | undefined => {
    const told = rowsOf(column, name).map(({ value }) => Number(value));
    const greatest = Math.max(...told);
    return Number.isFinite(greatest) ? greatest : undefined;
  };
  return {
    text: (column, name) => rowsOf(column, name)[0]?.value,
    number,
    count: (column, name) => number(column, name) ?? 0,
    groups: rowsOf,
  };
};
