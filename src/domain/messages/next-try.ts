/** Minutes between a try that failed and the next: 24 hours in all. */
export const retryMinutes = [1, 5, 15, 30, 60, 120, 240, 360, 609] as const;

/**
 * When a delivery is tried next that has been tried so often without success; undefined where it is given up.
 *
 * @example
 * nextTry(1, new Date('2026-01-31T12:00:00.000Z')); // 2026-01-31T12:01:00.000Z
 */
export const nextTry = (tried: number, now: Date): Date | undefined => {
  const minutes = retryMinutes[tried - 1];
  return minutes === undefined ? undefined : new Date(now.getTime() + minutes * 60_000);
};
