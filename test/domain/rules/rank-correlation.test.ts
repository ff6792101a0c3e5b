import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inOrder, rankCorrelation, rankCorrelationOf } from '../../../src/domain/rules/rank-correlation.ts';
import type { RuleColumn, RuleTable } from '../../../src/domain/rules/rule-table.ts';
import { rankCorrelation as exactRankCorrelation } from '../../support/exact-figures.ts';

const column = (name: string): RuleColumn => ({
  name,
  type: 'BIGINT',
  kind: 'number',
  nulls: { basis: 'exact', count: 0, share: 0 },
});

const table = (rows: number): RuleTable =>
  ({ table: 't', rows: { basis: 'exact', count: rows } }) as unknown as RuleTable;

const factOf = (rows: number, xs: readonly number[], ys: readonly number[]): string | undefined =>
  rankCorrelation.judge(
    [
      { column: column('x'), values: xs, isOrderAlone: false },
      { column: column('y'), values: ys, isOrderAlone: false },
    ],
    table(rows),
  ).facts?.[0];

describe('the rank correlation', () => {
  it('is that of whole numbers, whatever rows lack a value', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.option(fc.integer({ min: 0, max: 40 }), { nil: Number.NaN }),
            fc.option(fc.integer({ min: 0, max: 9_000 }), { nil: Number.NaN }),
          ),
          { minLength: 30, maxLength: 120 },
        ),
        (pairs) => {
          const both = pairs.filter((pair) => !pair.some(Number.isNaN));
          const { r, rows } = rankCorrelationOf(inOrder(pairs.map(([x]) => x)), inOrder(pairs.map(([, y]) => y)));
          expect(rows).toBe(both.length);
          const exact = exactRankCorrelation(
            both.map(([x]) => BigInt(x)),
            both.map(([, y]) => BigInt(y)),
          );
          // Of fewer rows nothing is said.
          const truth = rows < 30 ? 0 : exact;
          expect(Math.abs(r - truth)).toBeLessThan(1e-9);
        },
      ),
      { numRuns: 300, seed: 3 },
    );
  });

  const rising = Array.from({ length: 100 }, (_, at) => at);
  const half = rising.map((at) => (at % 2 === 0 ? at : Number.NaN));

  it('says the rows that have both values, not those of the table', () => {
    expect(factOf(100, rising, rising)).toBe('x and y rise together (rank correlation 1 in all 100 rows).');
    expect(factOf(100, rising, half)).toBe('x and y rise together (rank correlation 1 in the 50 rows that have both).');
    expect(factOf(5_000, rising, rising)).toBe('x and y rise together (rank correlation 1 in the first 100 rows).');
    expect(factOf(5_000, half, rising)).toBe(
      'x and y rise together (rank correlation 1 in the 50 of the first 100 rows that have both).',
    );
  });
});
