const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const weekdays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** What a clock on the wall shows. */
type Shown = readonly [minute: number, hour: number, day: number, month: number, weekday: number, year: number];

const shownAt = (time: Date, timeZone: string): Shown => {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    minute: 'numeric',
    hour: 'numeric',
    day: 'numeric',
    month: 'numeric',
    weekday: 'short',
    year: 'numeric',
  }).formatToParts(time);
  const of = (type: string): string => parts.find((part) => part.type === type)?.value ?? '';
  const number = (type: string): number => Number(of(type));
  const weekday = weekdays.indexOf(of('weekday').toUpperCase()) + 1;
  return [number('minute'), number('hour'), number('day'), number('month'), weekday, number('year')];
};

const numberOf = (word: string): number => {
  const upper = word.toUpperCase();
  if (months.includes(upper)) return months.indexOf(upper) + 1;
  if (weekdays.includes(upper)) return weekdays.indexOf(upper) + 1;
  return Number(word);
};

const fieldMatches = (field: string, value: number): boolean =>
  field.split(',').some((part) => {
    const [range = '', step] = part.split('/');
    const [from = '', to] = range.split('-');
    const first = from === '*' || from === '?' ? 0 : numberOf(from);
    const last =
      from === '*' || from === '?' || (step !== undefined && to === undefined) ? Infinity : numberOf(to ?? from);
    return value >= first && value <= last && (value - first) % Number(step ?? 1) === 0;
  });

const matches = (expression: string, shown: Shown): boolean => {
  const fields = /^cron\((.+)\)$/.exec(expression)?.[1]?.split(' ') ?? [];
  return fields.length === 6 && fields.every((field, index) => fieldMatches(field, shown[index] ?? 0));
};

/**
 * Whether a cron expression is due in this minute: written apart from the code under test, by asking of each minute what the
 * clock on the wall shows. A time that is left out is never shown; one that comes twice counts the first time. It reads no `L`, `W`, `#`.
 */
export const cronMatches = (expression: string, timeZone: string, minute: Date): boolean => {
  const shown = shownAt(minute, timeZone);
  const isSecondTime = [30, 60].some(
    (minutes) => shownAt(new Date(minute.getTime() - minutes * 60_000), timeZone).join() === shown.join(),
  );
  return matches(expression, shown) && !isSecondTime;
};
