/** The time one hour before another: what was noted since then need not be noted again. */
export const hourBefore = (time: string): string => new Date(Date.parse(time) - 3_600_000).toISOString();
