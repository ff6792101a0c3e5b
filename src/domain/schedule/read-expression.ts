import { lookUp } from '../../contracts/look-up.ts';
import { Cron } from 'croner';
import { Failure } from '../../contracts/failure.ts';

/** When a schedule is due: every so often, or at times of the clock on the wall. */
export type Due =
  | { readonly kind: 'rate'; readonly milliseconds: number }
  | { readonly kind: 'cron'; readonly pattern: string; readonly time_zone: string };

const unitMilliseconds = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;
const rateForm = /^rate\((\d{1,6}) (minute|hour|day)(s?)\)$/;
const cronForm = /^cron\((.+)\)$/;
const standardForm = /^[^\s()]+( [^\s()]+){4}$/;

/**
 * Reads when a schedule is due. Both forms are those of EventBridge Scheduler, so that what one platform takes the other
 * takes. Fails with INVALID_REQUEST, at `where`.
 */
export const readExpression = (expression: string, timeZone: string, where = 'body'): Due => {
  const place = `${where}.expression`;
  const rate = rateForm.exec(expression);
  // To a rate the zone means nothing, but it is kept and shown, and counts where the rate becomes a cron expression.
  const zone = requireTimeZone(timeZone, `${where}.time_zone`);
  if (rate !== null) return readRate(Number(rate[1]), rate[2] as keyof typeof unitMilliseconds, rate[3] === 's', place);
  const cron = cronForm.exec(expression);
  if (cron !== null) return readCron(cron[1] ?? '', zone, place);
  const standard = standardForm.test(expression) ? fromStandard(expression.split(' ')) : undefined;
  throw invalid(
    standard === undefined
      ? `"${expression}" is neither cron(…) nor rate(…). Write for example cron(0 6 * * ? *), at six every morning, or rate(6 hours).`
      : `"${expression}" is a cron expression of five fields. Write ${standard}: with a year, and ? for the day that does not count.`,
    place,
  );
};

const invalid = (message: string, where: string): Failure => new Failure('INVALID_REQUEST', message, { where });

const readRate = (value: number, unit: keyof typeof unitMilliseconds, plural: boolean, where: string): Due => {
  if (value === 0) throw invalid('A rate of 0 is never due. Write a number from 1 on.', where);
  if ((value === 1) === plural) {
    const right = `rate(${value} ${unit}${value === 1 ? '' : 's'})`;
    throw invalid(`Write ${right}: the unit is singular for 1 and plural for all others.`, where);
  }
  return { kind: 'rate', milliseconds: value * unitMilliseconds[unit] };
};

const requireTimeZone = (timeZone: string, where: string): string => {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return timeZone;
  } catch {
    throw invalid(`"${timeZone}" is no time zone. Write an IANA name, such as Europe/Berlin or UTC.`, where);
  }
};

/** What EventBridge takes in each field. The library takes more: `?` for this very minute, white space around a field. */
const fieldForms = {
  minutes: /^[\d*,/-]+$/,
  hours: /^[\d*,/-]+$/,
  day: /^([\d*,/LW-]+|\?)$/,
  month: /^[\dA-Z*,/-]+$/i,
  weekday: /^([\dA-Z*,/#-]+|\?)$/i,
  year: /^[\d*,/-]+$/,
} as const;
const fieldNames: Readonly<Record<string, string>> = { day: 'day of the month', weekday: 'day of the week' };

/** Six fields. One of the two days is `?`: EventBridge takes no schedule in which both count. */
const readCron = (text: string, time_zone: string, where: string): Due => {
  const fields = text.split(' ');
  if (fields.length !== 6)
    throw invalid(
      `cron(${text}) has ${fields.length} fields, of 6: minutes, hours, day of the month, month, day of the week, year.`,
      where,
    );
  const [minutes = '', hours = '', day = '', month = '', weekday = '', year = ''] = fields;
  const wrong = Object.entries({ minutes, hours, day, month, weekday, year }).find(
    ([name, field]) => !fieldForms[name as keyof typeof fieldForms].test(field),
  );
  if (wrong !== undefined)
    throw invalid(
      `cron(${text}) has "${wrong[1]}" for its ${lookUp(fieldNames, wrong[0]) ?? wrong[0]}, which means nothing there.`,
      where,
    );
  if ((day === '?') === (weekday === '?'))
    throw invalid(
      `In cron(${text}) the day of the month is "${day}" and the day of the week "${weekday}". Write ? for exactly one of them.`,
      where,
    );
  if (/\b(0|[89]|\d\d+)\b/.test(weekday.replace(/[#/]\d+/g, '')))
    throw invalid(
      `cron(${text}) names the day of the week "${weekday}". They are 1, Sunday, to 7, Saturday, or SUN to SAT.`,
      where,
    );
  const pattern = ['0', minutes, hours, day, month, fromSunday(weekday), year].join(' ');
  try {
    new Cron(pattern, { timezone: time_zone, ...cronOptions });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.replace(/^CronPattern: /, '') : String(cause);
    throw new Failure('INVALID_REQUEST', `cron(${text}) cannot be read: ${reason}`, { where, cause });
  }
  return { kind: 'cron', pattern, time_zone };
};

/** What EventBridge takes and the library only on demand: `0/15`, from 0 on every 15. */
export const cronOptions = { sloppyRanges: true } as const;

/**
 * EventBridge counts the days of the week from 1, Sunday, and says `6L` for the last Friday and `L` for Saturday; the library
 * counts from 0 and says `5#L`.
 */
const fromSunday = (weekday: string): string =>
  weekday
    .split(',')
    .map((part) => {
      if (part === 'L') return '6';
      const [days = '', step] = part.split('/');
      const counted = days.replace(/(?<!#)\d+/g, (number) => String(Number(number) - 1)).replace(/^(\w+?)L$/, '$1#L');
      return step === undefined ? counted : `${counted}/${step}`;
    })
    .join(',');

/** A cron expression of five fields in EventBridge’s form, where one of its days is free. */
const fromStandard = ([minutes, hours, day = '', month, weekday = '']: readonly string[]): string | undefined => {
  const toSunday = weekday.replace(/\d+/g, (number) => String((Number(number) % 7) + 1));
  if (weekday === '*') return `cron(${minutes} ${hours} ${day} ${month} ? *)`;
  return day === '*' ? `cron(${minutes} ${hours} ? ${month} ${toSunday} *)` : undefined;
};
