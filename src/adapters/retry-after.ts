/** The headers by which a service says when to ask again, as `fetch` has them. */
type Told = { get(name: string): string | null };

/** A year. What is stored of a wait stays a number: one of 400 digits would be infinite, and null in JSON. */
const maxSeconds = 366 * 86_400;

const number = /^\d+(\.\d+)?$/;

/** As HTTP writes it (Mon, 30 Nov 2026 …), or ISO 8601. Of anything else `Date.parse` makes a day too: "-5" is one of 2001. */
const time = /^([A-Za-z]{3,9},? |\d{4}-\d\d-\d\dT)/;

/** Seconds after which a service wants to be asked again: told in seconds, in milliseconds, or as a time; undefined where it says nothing of the kind. */
export const retryAfterOf = (headers: Told | undefined, now: Date): number | undefined => {
  const milliseconds = headers?.get('retry-after-ms')?.trim() ?? '';
  if (number.test(milliseconds)) return Math.min(maxSeconds, Number(milliseconds) / 1_000);
  const text = headers?.get('retry-after')?.trim() ?? '';
  if (number.test(text)) return Math.min(maxSeconds, Number(text));
  const at = time.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.min(maxSeconds, Math.max(0, (at - now.getTime()) / 1_000));
};
