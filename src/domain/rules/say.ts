import type { Basis, Measure } from '../../contracts/profile.ts';
import { formatShare } from '../format.ts';

/** A share as people read it. */
export const percent = (part: number, whole: number): string => formatShare(whole === 0 ? 0 : part / whole);

/** The form of a verb that goes with a count: one row holds, two rows hold. */
export const verb = (value: number, one: string, many: string): string => (value === 1 ? one : many);

/** A number to six digits; one with more digits than a double, whose first six say nothing, in full. */
export const round = (value: Measure): string =>
  typeof value === 'string' ? value : String(Number(value.toPrecision(6)));

/** How far a figure of the profile can be trusted, where it is not exact. */
export const estimate = (figure: { readonly basis: Basis } | undefined): string => {
  switch (figure?.basis) {
    case undefined:
    case 'exact':
      return '';
    case 'sample':
      return ' (estimated from a sample)';
    case 'planner':
      return ' (by the planner’s estimate)';
    case 'approximate':
      return ' (approximately)';
  }
};

/** A value between quotes; spaces at its ends can be seen. */
export const quoted = (text: string): string => `“${text.replace(/^ +| +$/g, (spaces) => '␣'.repeat(spaces.length))}”`;

/** Seconds as people say them. */
export const duration = (seconds: number): string => {
  const size = Math.abs(seconds);
  if (size < 120) return `${Math.round(seconds)} s`;
  if (size < 7_200) return `${Math.round(seconds / 60)} min`;
  if (size < 172_800) return `${Math.round(seconds / 3_600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
};

/** Seconds since 1970 as a person reads a time, to the minute. */
export const showMoment = (seconds: number): string => showTime(seconds, 16);

/** The same to the second, to tell moments apart. */
export const showSecond = (seconds: number): string => showTime(seconds, 19);

const showTime = (seconds: number, characters: number): string => {
  const time = new Date(seconds * 1_000);
  return Number.isNaN(time.getTime())
    ? `${Math.round(seconds)} s after 1970`
    : time.toISOString().slice(0, characters).replace('T', ' ');
};
