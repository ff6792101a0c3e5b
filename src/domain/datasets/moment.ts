const minute = 60_000;

/** The day that the sample data end on. It is fixed: the same seed gives the same bytes on any day. */
export const lastDay = Date.UTC(2025, 5, 30);

/** Milliseconds of so many days. */
export const days = (count: number): number => count * 1_440 * minute;

/** Milliseconds of so many hours. */
export const hours = (count: number): number => count * 60 * minute;

/** Milliseconds of so many minutes. */
export const minutes = (count: number): number => count * minute;

/** 2025-06-30 */
export const dateText = (moment: number): string => new Date(moment).toISOString().slice(0, 10);

/** 2025-06-30 18:05:09 */
export const timestampText = (moment: number): string => new Date(moment).toISOString().slice(0, 19).replace('T', ' ');
