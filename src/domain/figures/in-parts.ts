import type { ColumnSchema } from '../../contracts/schema.ts';

/** A column with its place in the table, by which its figures are named. */
export type Numbered = { readonly column: ColumnSchema; readonly index: number };

/** One statement for all columns, or for halves of them until each is within the limits. */
export const inParts = (
  columns: readonly ColumnSchema[],
  limits: { readonly columns: number; readonly characters: number },
  statement: (part: readonly Numbered[]) => string,
): readonly string[] => {
  const halves = (part: readonly Numbered[]): readonly string[] => {
    const sql = statement(part);
    if (part.length <= 1 || (part.length <= limits.columns && sql.length <= limits.characters)) return [sql];
    const middle = Math.ceil(part.length / 2);
    return [...halves(part.slice(0, middle)), ...halves(part.slice(middle))];
  };
  return halves(columns.map((column, index) => ({ column, index })));
};
