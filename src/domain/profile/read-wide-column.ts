import type { ColumnProfile, HistogramBin, Measure } from '../../contracts/profile.ts';
import {
  type Decimal,
  compareDecimals,
  hundredths,
  minus,
  plus,
  readDecimal,
  writeDecimal,
} from '../figures/decimal.ts';
import { histogramBins, quantilePoints } from '../figures/figure-limits.ts';
import type { Figures } from '../figures/read-figures.ts';
import { safeDigits, showMeasure } from './show-value.ts';
import type { ColumnBases } from './column-bases.ts';

type WideFigures = Pick<ColumnProfile, 'range' | 'moments' | 'quantiles' | 'outliers' | 'histogram'>;

/** What was asked again of a column whose numbers no double holds; undefined where it was not. */
export const readWideColumn = (
  index: number,
  figures: Figures,
  bases: ColumnBases,
  isPreview: boolean,
): WideFigures | undefined => {
  const ranks = new Map(
    figures.groups(index, 'wide_rank').flatMap(({ value, count }) => {
      const read = readDecimal(value);
      return read === undefined ? [] : [[count, read] as const];
    }),
  );
  const last = figures.number(index, 'wide_last');
  const [least, greatest] = [ranks.get(0), last === undefined ? undefined : ranks.get(last)];
  if (last === undefined || least === undefined || greatest === undefined) return undefined;
  const at = (percent: number): Decimal => {
    const [rank, part] = [Math.floor((percent * last) / 100), (percent * last) % 100];
    const [lower, upper] = [ranks.get(rank) ?? least, ranks.get(rank + 1) ?? greatest];
    return part === 0 ? lower : plus(lower, hundredths(minus(upper, lower), part));
  };
  const values = bases.values;
  const points = Object.entries(quantilePoints).map(([name, point]) => [name, at(Math.round(point * 100))] as const);
  const shown = points.map(([name, value]) => [name, showMeasure(writeDecimal(value))]);
  // The compiler does not follow keys through Object.fromEntries.
  const quantiles = Object.fromEntries(shown) as Record<keyof typeof quantilePoints, Measure>;
  return {
    ...(isPreview && { range: { basis: values, ...widened(index, figures, least, greatest) } }),
    ...momentsOf(index, figures, bases.pass),
    quantiles: { basis: values, ...quantiles },
    ...outliersOf(index, figures, values, at(25), at(75)),
    ...histogramOf(
      index,
      figures,
      values,
      figures.count(index, 'wide_tails') > 0 ? [at(1), at(99)] : [least, greatest],
      [least, greatest],
      // Two draws hold different values, and the difference says nothing.
      values === 'exact' ? (figures.number(index, 'looked_at') ?? figures.count(index, 'compared')) - last - 1 : 0,
    ),
  };
};

/** The ends of two draws together: an engine may draw anew for each statement, and quantiles lie within the range. */
const widened = (
  index: number,
  figures: Figures,
  least: Decimal,
  greatest: Decimal,
): { readonly min: Measure; readonly max: Measure } => {
  const [min, max] = [figures.text(index, 'min') ?? '', figures.text(index, 'max') ?? ''];
  const [low, high] = [readDecimal(min), readDecimal(max)];
  return {
    min: low === undefined || compareDecimals(least, low) < 0 ? written(least) : showMeasure(min),
    max: high === undefined || compareDecimals(greatest, high) > 0 ? written(greatest) : showMeasure(max),
  };
};

const written = (value: Decimal): Measure => showMeasure(writeDecimal(value));

const momentsOf = (index: number, figures: Figures, basis: ColumnBases['pass']): Pick<ColumnProfile, 'moments'> => {
  const origin = readDecimal(figures.text(index, 'wide_origin'));
  const mean = figures.number(index, 'wide_mean');
  const above = mean === undefined ? undefined : readDecimal(mean.toPrecision(safeDigits));
  if (origin === undefined || above === undefined) return {};
  return {
    moments: { basis, mean: written(plus(origin, above)), deviation: figures.number(index, 'wide_deviation') ?? 0 },
  };
};

const outliersOf = (
  index: number,
  figures: Figures,
  basis: ColumnBases['values'],
  p25: Decimal,
  p75: Decimal,
): Pick<ColumnProfile, 'outliers'> => {
  if (compareDecimals(p25, p75) >= 0) return {};
  const reach = hundredths(minus(p75, p25), 300);
  return {
    outliers: {
      basis,
      below: figures.count(index, 'wide_below'),
      above: figures.count(index, 'wide_above'),
      low_fence: written(minus(p25, reach)),
      high_fence: written(plus(p75, reach)),
    },
  };
};

const histogramOf = (
  index: number,
  figures: Figures,
  basis: ColumnBases['values'],
  [low, high]: readonly [Decimal, Decimal],
  [least, greatest]: readonly [Decimal, Decimal],
  left: number,
): Pick<ColumnProfile, 'histogram'> => {
  const counts = new Map(figures.groups(index, 'wide_bin').map(({ value, count }) => [Number(value), count]));
  if (counts.size === 0) return {};
  const share = 100 / histogramBins;
  const edges = Array.from({ length: histogramBins + 1 }, (_, bar) =>
    written(plus(low, hundredths(minus(high, low), bar * share))),
  )
    .with(0, written(least))
    .with(-1, written(greatest));
  const bins = Array.from({ length: histogramBins }, (_, bar): HistogramBin => ({
    from: edges[bar] ?? '',
    to: edges[bar + 1] ?? '',
    count: counts.get(bar) ?? 0,
  }));
  return { histogram: { basis, bins, ...(left > 0 && { left_out: left }) } };
};
