import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/domain/datasets/seeded-random.ts';
import { ratioInterval } from './ratio-interval.ts';

/** Pairs of a true ratio, disturbed by a tenth, on a machine that grows slower by a tenth each time. */
const pairsOf = (trueRatio: number, seed: number, count = 12) => {
  const random = seededRandom(seed);
  let slowness = 1;
  const measure = (time: number): number => (slowness *= 1.1) * time * random.normal(1, 0.1);
  return Array.from({ length: count }, (_, index) => {
    if (index % 2 === 0) {
      const before = measure(1);
      return { before, now: measure(trueRatio) };
    }
    const now = measure(trueRatio);
    return { before: measure(1), now };
  });
};

describe('the interval of a ratio', () => {
  it.each([0.5, 1, 1.3])(
    'holds the true ratio %s in about 95 of 100 measurements of a machine that grows slower',
    (truth) => {
      const intervals = Array.from({ length: 60 }, (_, seed) => ratioInterval(pairsOf(truth, seed)));
      const holding = intervals.filter((one) => one !== undefined && one.low <= truth && truth <= one.high);
      expect(holding.length).toBeGreaterThan(50);
      expect(intervals.every((one) => one !== undefined && one.high / one.low < 1.4)).toBe(true);
    },
  );

  it('is the same for the same figures', () => {
    expect(ratioInterval(pairsOf(1.1, 7))).toEqual(ratioInterval(pairsOf(1.1, 7)));
  });

  it('is not there for one pair, nor for figures of 0', () => {
    expect(ratioInterval([{ before: 1, now: 2 }])).toBeUndefined();
    expect(
      ratioInterval([
        { before: 0, now: 2 },
        { before: 1, now: 2 },
      ]),
    ).toBeUndefined();
  });
});
