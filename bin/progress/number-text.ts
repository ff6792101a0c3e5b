import type { Usage } from '../../src/contracts/budget.ts';

/** `0.4 s`, `12.3 s`, `2 min 05 s`, `1 h 02 min`. */
export const duration = (milliseconds: number): string => {
  const seconds = Math.max(0, milliseconds) / 1_000;
  // 59.96 is shown as a minute, not as 60.0 s.
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const two = (value: number): string => String(value).padStart(2, '0');
  if (whole < 3_600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3_600)} h ${two(Math.floor((whole % 3_600) / 60))} min`;
};

/** `12,345`. */
export const count = (value: number): string => value.toLocaleString('en-US');

/** `$0.0123`: four digits, because a turn costs less than a cent. */
export const dollars = (value: number): string => `$${value.toFixed(4)}`;

/** Milliseconds from one timestamp to another, or to now. */
export const between = (start: string, end: string | undefined, now: Date): number =>
  (end === undefined ? now.getTime() : Date.parse(end)) - Date.parse(start);

/** All tokens of a usage, whatever they cost. */
export const tokensOf = (usage: Usage): number =>
  usage.input_tokens + usage.output_tokens + usage.cache_read_tokens + usage.cache_write_tokens;

/** `1 table`, `3 tables`. */
export const plural = (value: number, noun: string): string => `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
