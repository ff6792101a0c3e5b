import type { SampleNote } from '../../contracts/profile.ts';
import type { ColumnSchema, TableSchema } from '../../contracts/schema.ts';

/** Tables up to this size are measured whole: quantiles, top values and shapes of 200,000 rows take well under a second. */
export const largestWholeTable = 200_000;

/** Rows that a sample of a large table aims at: a quantile’s error is then about half a percent of the ranks, at most. */
export const sampleRows = 50_000;

/** Columns of one statement. A statement of 300 columns takes DuckDB longer to plan than to run. */
const columnsPerStatement = 50;

/** A sandbox takes statements of 100,000 characters; the rest is for what a statement holds besides its columns. */
const charactersPerStatement = 80_000;

/** What is decided of a table before it is measured. */
export type ProfilePlan = {
  readonly schema: TableSchema;
  /** Rows as the catalog or a count has them; decides between whole and sample, and is no figure of the profile. */
  readonly rows: number;
  /** Which part of a large table quantiles, top values, shapes and histograms come from. */
  readonly sample: Omit<SampleNote, 'rows'> | undefined;
  /** In a preview everything comes from the sample. */
  readonly preview: boolean;
  /** Seconds since 1970: what the future is measured against. */
  readonly now: number;
};

/** Decides how a table is measured. `percent` asks for a preview: a sample of that size and nothing else. */
export const planProfile = (
  schema: TableSchema,
  facts: { readonly rows: number; readonly now: number; readonly previewPercent?: number },
): ProfilePlan => {
  const { rows, now, previewPercent } = facts;
  const percent =
    previewPercent ?? (rows <= largestWholeTable ? undefined : Number(((100 * sampleRows) / rows).toPrecision(3)));
  return {
    schema,
    rows,
    now,
    preview: previewPercent !== undefined,
    sample: percent === undefined ? undefined : { method: 'system', percent },
  };
};

/** A column and its place in the table. */
export type NumberedColumn = { readonly column: ColumnSchema; readonly index: number };

/** Cuts columns into parts that one statement each can carry; `lengthOf` says how much SQL a column takes. One part where there is none. */
export const inParts = <T extends NumberedColumn>(
  columns: readonly T[],
  lengthOf: (column: T) => number,
): readonly (readonly T[])[] => {
  const parts: T[][] = [[]];
  let room = charactersPerStatement;
  for (const column of columns) {
    const part = parts.at(-1) ?? [];
    const length = lengthOf(column);
    if (part.length > 0 && (part.length === columnsPerStatement || length > room)) {
      parts.push([column]);
      room = charactersPerStatement - length;
    } else {
      part.push(column);
      room -= length;
    }
  }
  return parts;
};
