const dayOf = 86_400;
/** The days of the 400 years after which the calendar repeats itself. */
const daysOfEra = 146_097;

/** Seconds since 1970 as ISO writes a moment, in any year: JavaScript has those up to ±275,760, databases up to ±5,881,580. */
export const showMoment = (seconds: number): string => {
  const time = new Date(seconds * 1_000);
  if (!Number.isNaN(time.getTime())) return time.toISOString();
  const days = Math.floor(seconds / dayOf);
  const eras = Math.trunc(days / daysOfEra);
  // The same day of the calendar in a year that JavaScript has.
  const alike = new Date((seconds - eras * daysOfEra * dayOf) * 1_000);
  const year = alike.getUTCFullYear() + 400 * eras;
  return `${year < 0 ? '-' : '+'}${String(Math.abs(year)).padStart(6, '0')}${alike.toISOString().slice(alike.toISOString().indexOf('-', 1))}`;
};
