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
    const ordered = seen.map(({ column, values }) => ({ column, order: inOrder(values) }));
    const pairs = ordered
      .flatMap((a, index) => ordered.slice(index + 1).map((b) => ({ a, b, ...rankCorrelationOf(a.order, b.order) })))
      .filter(({ r }) => Math.abs(r) >= thresholds.minCorrelation.value)
      .toSorted((x, y) => Math.abs(y.r) - Math.abs(x.r));
    const more = pairs.length - thresholds.maxNamed.value;
    return {
      facts: [
        ...pairs
          .slice(0, thresholds.maxNamed.value)
          .map(
            ({ a, b, r, rows }) =>
              `${a.column.name} and ${b.column.name} ${r > 0 ? 'rise together' : 'run against each other'} (rank correlation ${Number(r.toFixed(2))} in ${whichRows(rows, a.order.values.length, table.rows.count)}).`,
          ),
        ...(more > 0 ? [`And ${formatCountOf(more, 'more pair')} of columns go together.`] : []),
      ],
    };
  },
};

/** The rows that were looked at: those that have both values, of all or of the first. */
const whichRows = (rows: number, seen: number, all: number): string => {
  if (rows < seen)
    return `the ${formatCount(rows)}${seen < all ? ` of the first ${formatCount(seen)}` : ''} rows that have both`;
  return `${seen < all ? 'the first' : 'all'} ${formatCount(rows)} rows`;
};

/** A column’s numbers, NaN where there is none, and the rows that have one from the least to the greatest. */
type Ordered = { readonly values: readonly number[]; readonly rows: readonly number[] };

/** Puts a column’s numbers in order: once, for of 300 columns there are 45,000 pairs. */
export const inOrder = (values: readonly number[]): Ordered => ({
  values,
  rows: values
    .map((value, row) => ({ value, row }))
    .filter(({ value }) => !Number.isNaN(value))
    .toSorted((a, b) => (a.value < b.value ? -1 : Number(a.value > b.value)))
    .map(({ row }) => row),
});

/** The rank correlation over the rows that have both, and how many those are; 0 where they are too few, or all alike. */
export const rankCorrelationOf = (a: Ordered, b: Ordered): { readonly r: number; readonly rows: number } => {
  const ofBoth = a.rows.filter((row) => !Number.isNaN(b.values[row] ?? Number.NaN));
  const rows = ofBoth.length;
  if (rows < thresholds.minRows.value) return { r: 0, rows };
  // Ranks among these rows alone: values between them that have no partner would bend the line.
  const ofBothToo = b.rows.filter((row) => !Number.isNaN(a.values[row] ?? Number.NaN));
  return { r: correlation(ranksOf(a.values, ofBoth), ranksOf(b.values, ofBothToo)), rows };
};

/** The rank of each row as its distance from the mean rank, equal values with the mean of theirs: so no sum loses a digit. */
const ranksOf = (values: readonly number[], order: readonly number[]): Float64Array => {
  const ranks = new Float64Array(values.length);
  for (let from = 0; from < order.length;) {
    const value = values[order[from] ?? 0];
    let to = from;
    while (to < order.length && values[order[to] ?? 0] === value) to += 1;
    for (const row of order.slice(from, to)) ranks[row] = (from + to - order.length) / 2;
    from = to;
  }
  return ranks;
};

/** Pearson's correlation of values whose mean is 0; 0 where all are alike. */
const correlation = (xs: Float64Array, ys: Float64Array): number => {
  let [sxx, syy, sxy] = [0, 0, 0];
  for (const [index, x] of xs.entries()) {
    const y = ys[index] ?? 0;
    sxx += x * x;
    syy += y * y;
    sxy += x * y;
  }
  return sxx * syy <= 0 ? 0 : sxy / Math.sqrt(sxx * syy);
};
