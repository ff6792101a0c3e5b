import type { SchedulePage, ScheduleView } from '../../src/contracts/schedule.ts';
import { printable } from '../progress/fit-text.ts';
import { programName } from '../program-name.ts';
import { moreText } from './more-text.ts';
import { alignColumns } from './terminal.ts';
import { unreadableText } from './unreadable-text.ts';

/** Said where schedules are shown and no service runs that would start them. */
export const noServiceNote = `No service runs, and only a running one starts what is due. Start it: ${programName} up --detach`;

const clockOf = (timeZone: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'longOffset',
  });

const isZone = (timeZone: string): boolean => {
  try {
    clockOf(timeZone);
    return true;
  } catch {
    return false;
  }
};

/** A time as the clock on the wall of a zone shows it, with its distance from UTC; in UTC where this machine does not know the zone. */
export const zonedTime = (time: string, timeZone: string): string => {
  const parts = clockOf(isZone(timeZone) ? timeZone : 'UTC').formatToParts(new Date(time));
  const of = (type: string): string => parts.find((part) => part.type === type)?.value ?? '';
  const offset = of('timeZoneName').replace('GMT', '') || '+00:00';
  return `${of('year')}-${of('month')}-${of('day')} ${of('hour')}:${of('minute')} ${offset}`;
};

const sourceOf = ({ catalog }: ScheduleView): string => {
  const named = catalog.sources ?? [catalog];
  return named
    .map(({ connection, dataset }) => (connection === undefined ? (dataset ?? '') : `connection:${connection}`))
    .join(', ');
};

const zoneText = (timeZone: string): string => `${printable(timeZone)}${isZone(timeZone) ? '' : ' (not known here)'}`;

const nextOf = ({ paused, next_due_at, time_zone, problem }: ScheduleView): string => {
  if (problem !== undefined) return 'cannot be read';
  return paused ? 'paused' : next_due_at === undefined ? 'never' : zonedTime(next_due_at, time_zone);
};

const lastOf = ({ last, time_zone }: ScheduleView): string =>
  last === undefined ? '' : `${zonedTime(last.due_at, time_zone)} ${last.outcome}`;

/** A page of schedules as a table, the times of each in its own zone. */
export const schedulesTable = ({ schedules, unreadable, next_cursor }: SchedulePage): string => {
  if (schedules.length === 0 && unreadable === undefined && next_cursor === undefined)
    return `No schedules yet. Add one: ${programName} schedules add nightly connection:shop --cron '0 2 * * ? *'`;
  const rows = schedules.map((schedule) => [
    schedule.name,
    printable(schedule.expression),
    zoneText(schedule.time_zone),
    printable(sourceOf(schedule)),
    nextOf(schedule),
    lastOf(schedule),
  ]);
  const text = alignColumns([['SCHEDULE', 'DUE', 'TIME ZONE', 'SOURCE', 'NEXT', 'LAST'], ...rows]);
  return [text, ...unreadableText(unreadable), ...moreText('schedules list', next_cursor)].join('\n');
};

/** One schedule, its last time and its next. */
export const scheduleText = (schedule: ScheduleView): string => {
  const { name, expression, time_zone, catalog, created_by, last, problem } = schedule;
  const rows: readonly (readonly [what: string, value: string | undefined])[] = [
    ['name', name],
    ['due', `${expression}, ${zoneText(time_zone)}`],
    ['problem', problem],
    ['next', nextOf(schedule)],
    ['last', last && lastOf(schedule)],
    ['run', last?.run_id],
    ['', last?.message],
    ['source', sourceOf(schedule)],
    ['tables', catalog.tables?.join(', ')],
    ['prefix', catalog.s3_prefix],
    ['budget', catalog.budget && JSON.stringify(catalog.budget)],
    ['made by', created_by.label ?? created_by.id],
  ];
  return alignColumns(rows.flatMap(([what, value]) => (value === undefined ? [] : [[what, printable(value)]])));
};
