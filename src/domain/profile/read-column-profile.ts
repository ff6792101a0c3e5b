import type { Basis, ColumnKind, ColumnProfile, HistogramBin, ShownValue } from '../../contracts/profile.ts';
import type { ColumnSchema } from '../../contracts/schema.ts';
import type { ProfileSql } from '../engines/profile-sql.ts';
import { greatestSquarable, histogramBins, quantilePoints } from '../figures/figure-limits.ts';
import type { Figures } from '../figures/read-figures.ts';
import type { ColumnBases } from './column-bases.ts';
import { readWideColumn } from './read-wide-column.ts';
import { showValue } from './show-value.ts';
import { showMoment } from './show-moment.ts';
import { type TextShape, textShapes } from '../figures/text-shapes.ts';

/** Distinct values that need no counting: a key has as many as rows, and the planner keeps its own number. */
export type KnownDistinct = NonNullable<ColumnProfile['distinct']>;

/** What a column's figures are set against. */
type Context = {
  /** Rows that the pass went over. */
  readonly rows: number;
  /** Seconds since 1970. */
  readonly now: number;
  /** Whether all figures come of a draw, another one for each statement. */
  readonly isPreview: boolean;
  readonly bases: ColumnBases;
  readonly sql: Pick<ProfileSql, 'kindOf' | 'isCountable'>;
  readonly knownDistinct: (column: ColumnSchema, values: number) => KnownDistinct | undefined;
};

/** One column's figures, by name. */
type Own = {
  readonly [F in 'text' | 'number' | 'count' | 'groups']: (name: string) => ReturnType<Figures[F]>;
};

/** The profile of one column. A group whose figures the database did not have, as the range of no values, is absent. */
export const readColumnProfile = (
  column: ColumnSchema,
  index: number,
  figures: Figures,
  { rows, now, isPreview, bases, sql, knownDistinct }: Context,
): ColumnProfile => {
  const { name, type } = column;
  const kind = sql.kindOf(column);
  const own: Own = {
    text: (figure) => figures.text(index, figure),
    number: (figure) => figures.number(index, figure),
    count: (figure) => figures.count(index, figure),
    groups: (figure) => figures.groups(index, figure),
  };
  const values = own.count('values');
  return {
    name,
    type,
    kind,
    nulls: { basis: bases.pass, count: rows - values, share: rows === 0 ? 0 : (rows - values) / rows },
    ...(sql.isCountable(column) && {
      distinct: knownDistinct(column, values) ?? distinct(own, kind, values, bases),
    }),
    ...range(own, kind, kind === 'text' ? bases.values : bases.pass),
    ...(kind === 'time' && undated(own, bases.pass)),
    ...(kind === 'number' && { ...moments(own, bases.pass), ...signs(own, values, bases.pass) }),
    ...quantiles(own, kind, bases.values),
    ...outliers(own, bases.values),
    ...lengths(own, bases.values),
    ...topValues(own, kind, bases.values),
    ...histogram(own, kind, bases.values),
    ...shapes(own, bases.values),
    ...(kind === 'time' && freshness(own, now, bases.pass)),
    ...readWideColumn(index, figures, bases, isPreview),
  };
};

/** Counted or estimated among the values that the count has seen, which may be those of the sample alone. */
const distinct = (own: Own, kind: ColumnKind, values: number, bases: ColumnBases): KnownDistinct => {
  const compared = own.number('compared') ?? (kind === 'text' ? own.count('shape_values') : values);
  // An estimate can come out above the number of values there are.
  const count = Math.min(own.count('distinct'), compared);
  return { basis: distinctBasis(kind, bases), count, share: compared === 0 ? 0 : count / compared };
};

const distinctBasis = (kind: ColumnKind, bases: ColumnBases): Basis => {
  if (kind === 'text') return bases.values;
  return kind === 'boolean' ? bases.pass : bases.distinct;
};

const range = (own: Own, kind: ColumnKind, basis: Basis): Pick<ColumnProfile, 'range'> => {
  const [min, max] = [own.text('min'), own.text('max')];
  if (min === undefined || max === undefined) return {};
  return { range: { basis, min: showValue(kind, min), max: showValue(kind, max) } };
};

const moments = (own: Own, basis: Basis): Pick<ColumnProfile, 'moments'> => {
  const mean = own.number('mean');
  const greatest = Math.max(Math.abs(own.number('min') ?? 0), Math.abs(own.number('max') ?? 0));
  // The pass left greater values out, so the mean is not that of the column.
  if (mean === undefined || greatest >= greatestSquarable) return {};
  // One value has no deviation from itself.
  return { moments: { basis, mean, deviation: own.number('deviation') ?? 0 } };
};

/** Of no value nothing can be said, not even that all are positive. */
const signs = (own: Own, values: number, basis: Basis): Pick<ColumnProfile, 'signs'> =>
  values === 0
    ? {}
    : {
        signs: {
          basis,
          zero: own.count('zero'),
          negative: own.count('negative'),
          not_finite: own.count('not_finite'),
        },
      };

const undated = (own: Own, basis: Basis): Pick<ColumnProfile, 'undated'> => {
  const count = own.count('undated');
  return count === 0 ? {} : { undated: { basis, count } };
};

const quantiles = (own: Own, kind: ColumnKind, basis: Basis): Pick<ColumnProfile, 'quantiles'> => {
  const at = (name: string): ShownValue => showValue(kind, own.text(name) ?? '');
  if (own.text('p50') === undefined) return {};
  const points = Object.keys(quantilePoints).map((name) => [name, at(name)]);
  // The compiler does not follow keys through Object.fromEntries.
  return { quantiles: { basis, ...(Object.fromEntries(points) as Record<keyof typeof quantilePoints, ShownValue>) } };
};

const outliers = (own: Own, basis: Basis): Pick<ColumnProfile, 'outliers'> => {
  const [low, high] = [own.number('low_fence'), own.number('high_fence')];
  if (low === undefined || high === undefined) return {};
  return {
    outliers: { basis, below: own.count('below'), above: own.count('above'), low_fence: low, high_fence: high },
  };
};

const lengths = (own: Own, basis: Basis): Pick<ColumnProfile, 'lengths'> => {
  const [min, max, mean] = [own.number('length_min'), own.number('length_max'), own.number('length_mean')];
  return min === undefined || max === undefined || mean === undefined ? {} : { lengths: { basis, min, max, mean } };
};

const topValues = (own: Own, kind: ColumnKind, basis: Basis): Pick<ColumnProfile, 'top_values'> => {
  const values = own.groups('top').map(({ value, count }) => ({ value: showValue(kind, value), count }));
  return values.length === 0 ? {} : { top_values: { basis, values } };
};

/** The outer bars reach to the least and the greatest value, so that none is left out. */
const histogram = (own: Own, kind: ColumnKind, basis: Basis): Pick<ColumnProfile, 'histogram'> => {
  const [low, high] = [own.number('low'), own.number('high')];
  const [least, greatest] = [own.number('least'), own.number('greatest')];
  const groups = own.groups('bin');
  if (low === undefined || high === undefined || least === undefined || greatest === undefined || groups.length === 0)
    return {};
  const counts = new Map(groups.map(({ value, count }) => [Number(value), count]));
  const width = (high - low) / histogramBins;
  const edges = Array.from({ length: histogramBins + 1 }, (_, at) => low + at * width)
    .with(0, least)
    .with(-1, greatest);
  const shown = kind === 'time' ? edges.map(showMoment) : edges;
  const bins = Array.from({ length: histogramBins }, (_, bin): HistogramBin => ({
    from: shown[bin] ?? low,
    to: shown[bin + 1] ?? high,
    count: counts.get(bin) ?? 0,
  }));
  const placed = bins.reduce((sum, { count }) => sum + count, 0);
  const left = (own.number('looked_at') ?? own.count('compared')) - placed;
  return { histogram: { basis, bins, ...(left > 0 && { left_out: left }) } };
};

const shapes = (own: Own, basis: Basis): Pick<ColumnProfile, 'shapes'> => {
  const values = own.count('shape_values');
  if (values === 0) return {};
  const counts = textShapes.map(({ shape }) => [shape, own.count(`shape_${shape}`)]);
  // The compiler does not follow keys through Object.fromEntries.
  return { shapes: { basis, values, ...(Object.fromEntries(counts) as Record<TextShape, number>) } };
};

const freshness = (own: Own, now: number, basis: Basis): Pick<ColumnProfile, 'freshness'> => {
  const [newest, epoch] = [own.text('max'), own.number('newest_epoch')];
  if (newest === undefined || epoch === undefined) return {};
  return { freshness: { basis, newest, age_seconds: Math.round(now - epoch), in_future: own.count('in_future') } };
};
