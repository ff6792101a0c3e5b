import { seededRandom } from '../../src/domain/datasets/seeded-random.ts';

/** How many times more one side takes than the other, with the interval in which 95 of 100 such results lie. */
export type RatioInterval = { readonly ratio: number; readonly low: number; readonly high: number };

const resamples = 10_000;

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

/**
 * The ratio of two sides that were measured in pairs, one right after the other: the geometric mean of each pair's ratio,
 * and a bootstrap interval of it. Pairs that are taken forth and back (before now, now before) cancel a machine that
 * grows slower all the time.
 */
export const ratioInterval = (
  pairs: readonly { readonly before: number; readonly now: number }[],
): RatioInterval | undefined => {
  const logs = pairs.map(({ before, now }) => Math.log(now / before));
  // A figure of 0, as of descriptors, has no ratio.
  if (logs.length < 2 || !logs.every(Number.isFinite)) return undefined;
  const random = seededRandom(1);
  const means = Array.from({ length: resamples }, () => mean(logs.map(() => random.pick(logs)))).toSorted(
    (a, b) => a - b,
  );
  const at = (share: number): number => Math.exp(means[Math.round(share * (resamples - 1))] ?? Number.NaN);
  return { ratio: Math.exp(mean(logs)), low: at(0.025), high: at(0.975) };
};
