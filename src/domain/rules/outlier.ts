import { formatCountOf } from '../format.ts';
import { type BeyondFences, isFar, outlierCondition } from './looks/beyond-fences.ts';
import type { JudgingRule } from './rule-card.ts';
import { percent, round, verb } from './say.ts';

const thresholds = {
  maxShare: {
    value: 0.01,
    unit: 'of the filled rows',
    why: 'More that are not far out are the tail of a skewed column.',
  },
  maxFarShare: {
    value: 0.05,
    unit: 'of the filled rows, where some are far out',
    why: 'More are another kind of rows, as films among songs.',
  },
} as const;

/** Finds numbers that lie far from the others. */
export const outlier: JudgingRule<readonly BeyondFences[]> = {
  id: 'outlier',
  says: 'A few numbers lie more than three interquartile ranges from the quartiles.',
  severity: { medium: 'of several rows', low: 'of a single row, which clean data have, too' },
  thresholds,
  needs: 'the quartiles of number columns',
  views: true,
  judge: (seen, table) => ({
    findings: seen.flatMap((one) => {
      const { column, fences, of, total, far, mark } = one;
      const marked = mark?.n ?? 0;
      const rows = total - marked;
      const limit = far > marked ? thresholds.maxFarShare.value : thresholds.maxShare.value;
      if (rows <= 0 || rows > limit * of) return [];
      const farther = Math.max(0, far - (mark !== undefined && isFar(mark.value, fences) ? marked : 0));
      return [
        {
          severity: rows === 1 ? 'low' : 'medium',
          columns: [column.name],
          rows,
          of,
          examples: [column.range?.min, column.range?.max].filter(
            (value) => Number(value) < Number(fences.low) || Number(value) > Number(fences.high),
          ),
          title: `${column.name} has outliers`,
          detail: `${formatCountOf(rows, 'row')} (${percent(rows, of)}) ${verb(rows, 'lies', 'lie')} outside ${round(fences.low)} to ${round(fences.high)}, three interquartile ranges from the quartiles${far > marked ? `; ${formatCountOf(farther, 'row')} more than ten further` : ''}. The profile’s extremes are ${column.range?.min} and ${column.range?.max}, the median is ${column.quantiles?.p50}.`,
          advice:
            'Look for another unit, a shifted decimal point or a mistyped digit, and decide on a range to accept.',
          check: `select * from ${table.from} where ${outlierCondition(table, one)}`,
        },
      ];
    }),
    facts: seen.flatMap(({ column, fences, of, total, far, mark }) => {
      const rows = total - (mark?.n ?? 0);
      return far > (mark?.n ?? 0) && rows > thresholds.maxFarShare.value * of
        ? [
            `${percent(rows, of)} of ${column.name} lie outside ${round(fences.low)} to ${round(fences.high)}, some far outside: a long tail, or rows of another kind.`,
          ]
        : [];
    }),
  }),
};
