import type { ResultTable, ResultValue } from '../../contracts/sandbox.ts';

/** The figures of the first round, by the number of their column and their name. */
export type Figures = {
  /** 0 where there is none. */
  number(column: number | undefined, name: string): number;
  text(column: number | undefined, name: string): string | undefined;
  has(column: number | undefined, name: string): boolean;
};

/** Reads the one row of each statement of the first round; a column number of undefined means a figure of the table. */
export const readFigures = (results: readonly ResultTable[]): Figures => {
  const values = new Map<string, ResultValue>();
  for (const { columns, values: read } of results)
    for (const [at, { name }] of columns.entries()) values.set(name, read[at]?.[0] ?? null);
  const get = (column: number | undefined, name: string): ResultValue =>
    values.get(column === undefined ? name : `c${column}_${name}`) ?? null;
  return {
    number: (column, name) => Number(get(column, name) ?? 0),
    text: (column, name) => {
      const value = get(column, name);
      return value === null ? undefined : String(value);
    },
    has: (column, name) => get(column, name) !== null,
  };
};
