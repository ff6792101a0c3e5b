/** Milliseconds of the longest timer there is, about 25 days: a longer one fires at once. */
export const longestTimer = 2 ** 31 - 1;

/**
 * A duration as every timer takes it. `AbortSignal.timeout` refuses a fraction of a millisecond, and what is left of a budget nearly
 * always has one; `setTimeout` fires at once where it is told to wait too long. All timers get theirs from here, which
 * the architecture test holds them to.
 *
 * @example
 * wholeMilliseconds(98.7654 * 1_000); // 98_766
 */
export const wholeMilliseconds = (milliseconds: number): number => {
  if (Number.isNaN(milliseconds)) throw new RangeError('A duration is not a number.');
  return Math.min(longestTimer, Math.max(0, Math.ceil(milliseconds)));
};
