import type { SampleNote } from '../../contracts/profile.ts';
import type { TableSchema } from '../../contracts/schema.ts';

/** Tables up to this size are measured whole: quantiles, top values and shapes of 200,000 rows take well under a second. */
export const largestWholeTable = 200_000;

/** Rows that a sample of a large table aims at: a quantile’s error is then about 0.3 % of the ranks. */
export const sampleRows = 100_000;

/** What is decided of a table before it is measured. */
export type ProfilePlan = {
  readonly schema: TableSchema;
  /** Rows as the catalog or a count has them; decides between whole and sample, and is a figure in a preview alone. */
  readonly rows: number;
  /** Which part of a large table quantiles, top values, shapes and histograms come from. */
  readonly sample: Omit<SampleNote, 'rows'> | undefined;
  /** In a preview everything comes from the sample. */
  readonly preview: boolean;
  /** Seconds since 1970: what the future is measured against. */
  readonly now: number;
};

/** Decides how a table is measured. `previewPercent` asks for a sample of that size and nothing else. */
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
