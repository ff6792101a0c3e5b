import { formatCount, formatCountOf } from '../format.ts';
import type { FirstNumbers } from './looks/first-numbers.ts';
import type { JudgingRule } from './rule-card.ts';

const thresholds = {
  minCorrelation: { value: 0.7, unit: 'rank correlation', why: 'Less is hardly worth a word.' },
  minRows: { value: 30, unit: 'rows with both values', why: 'Fewer rise together by chance.' },
  maxNamed: { value: 5, unit: 'pairs', why: 'A table of measurements has dozens; the others are counted.' },
} as const;

/** Tells which numbers of a table rise together or run against each other. */
export const rankCorrelation: JudgingRule<FirstNumbers> = {
  id: 'rank-correlation',
  says: 'Tells which numbers rise together or run against each other; it finds nothing wrong.',
  severity: {},
  thresholds,
  needs: 'two columns of numbers that are no identifiers',
  judge: (seen, table) => {
    const ranked = seen.map(({ column, values }) => ({ column, ranks: ranksOf(values) }));
    const pairs = ranked
      .flatMap((a, index) => ranked.slice(index + 1).map((b) => ({ a, b, r: correlation(a.ranks, b.ranks) })))
      .filter(({ r }) => Math.abs(r) >= thresholds.minCorrelation.value)
      .toSorted((x, y) => Math.abs(y.r) - Math.abs(x.r));
    const more = pairs.length - thresholds.maxNamed.value;
    return {
      facts: [
        ...pairs
          .slice(0, thresholds.maxNamed.value)
          .map(
            ({ a, b, r }) =>
              `${a.column.name} and ${b.column.name} ${r > 0 ? 'rise together' : 'run against each other'} (rank correlation ${Number(r.toFixed(2))} in ${a.ranks.length >= table.rows.count ? 'all' : 'the first'} ${formatCount(a.ranks.length)} rows).`,
          ),
        ...(more > 0 ? [`And ${formatCountOf(more, 'more pair')} of columns go together.`] : []),
      ],
    };
  },
};

/** Ranks from 1 on, equal values with the mean of theirs; NaN where there is no number. */
const ranksOf = (values: readonly number[]): readonly number[] => {
  const order = values
    .map((value, index) => ({ value, index }))
    .filter(({ value }) => !Number.isNaN(value))
    .toSorted((a, b) => (a.value < b.value ? -1 : Number(a.value > b.value)));
  const ranks = values.map(() => Number.NaN);
  for (let from = 0; from < order.length;) {
    const value = order[from]?.value;
    let to = from;
    while (to < order.length && order[to]?.value === value) to += 1;
    for (const { index } of order.slice(from, to)) ranks[index] = (from + to + 1) / 2;
    from = to;
  }
  return ranks;
};

/** Pearson's correlation over the rows that have both; 0 where those are too few, or all alike. */
export const correlation = (xs: readonly number[], ys: readonly number[]): number => {
  let [n, sx, sy, sxx, syy, sxy] = [0, 0, 0, 0, 0, 0];
  for (const [index, x] of xs.entries()) {
    const y = ys[index] ?? Number.NaN;
    if (Number.isNaN(x) || Number.isNaN(y)) continue;
    n += 1;
    sx += x;
    sy += y;
    sxx += x * x;
    syy += y * y;
    sxy += x * y;
  }
  const spread = (n * sxx - sx * sx) * (n * syy - sy * sy);
  return n < thresholds.minRows.value || spread <= 0 ? 0 : (n * sxy - sx * sy) / Math.sqrt(spread);
};
