import type { ColumnProfile, ShownValue } from '../../contracts/profile.ts';
import type { DigestColumn } from '../profile-digest.ts';
import { shortText } from '../short-text.ts';

/** All figures of a column, with so many of its top values. */
export const wholeColumn = (column: ColumnProfile, values: number): DigestColumn =>
  defined({
    ...briefColumn(column),
    moments: column.moments && unlessExact(column.moments),
    signs: column.signs && unlessExact(column.signs),
    quantiles: column.quantiles && unlessExact(pick(column.quantiles)),
    outliers: column.outliers && unlessExact(column.outliers),
    lengths: column.lengths && unlessExact(column.lengths),
    top_values: column.top_values && {
      ...unlessExact(column.top_values),
      values: column.top_values.values
        .slice(0, values)
        .map(({ value, count: times }) => ({ value: shortValue(value), count: times })),
    },
    // Most shapes occur in no value of a column; what is absent is 0.
    shapes: column.shapes && { ...unlessExact(onlySeen(column.shapes)), values: column.shapes.values },
    freshness: column.freshness && unlessExact(column.freshness),
  });

/** The nulls, distinct values and range of a column. */
export const briefColumn = (column: ColumnProfile): DigestColumn =>
  defined({
    ...namedColumn(column),
    nulls: unlessExact(column.nulls),
    undated: column.undated && unlessExact(column.undated),
    distinct: column.distinct && unlessExact(column.distinct),
    range: column.range && {
      ...unlessExact(column.range),
      min: shortValue(column.range.min),
      max: shortValue(column.range.max),
    },
  });

/** The name and type of a column. The type of an enumeration may list a thousand values. */
export const namedColumn = ({ name, type, kind }: ColumnProfile): DigestColumn => ({
  name,
  type: shortText(type, 120),
  kind,
});

/** Figures whose basis is told where they are not exact. */
export const unlessExact = <T extends { readonly basis: string }>({ basis: how, ...figures }: T) => ({
  ...figures,
  ...(how === 'exact' ? {} : { basis: how as 'approximate' | 'sample' | 'planner' }),
});

const pick = ({ basis: how, p01, p25, p50, p75, p99 }: NonNullable<ColumnProfile['quantiles']>) => ({
  basis: how,
  p01,
  p25,
  p50,
  p75,
  p99,
});

const onlySeen = (shapes: NonNullable<ColumnProfile['shapes']>) =>
  Object.fromEntries(Object.entries(shapes).filter(([, value]) => value !== 0)) as { basis: string; values: number };

const shortValue = (value: ShownValue): ShownValue => (typeof value === 'string' ? shortText(value, 80) : value);

const defined = <T extends object>(fields: { [K in keyof T]: T[K] | undefined }): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
