import { formatCount, formatCountOf } from '../format.ts';
import { aliases } from './aliases.ts';
import { isTime } from './column-roles.ts';
import { personalKind } from './personal-kind.ts';
import type { Rule } from './rule-card.ts';
import type { RuleColumn, RuleTable } from './rule-table.ts';
import { duration, showMoment, showSecond } from './say.ts';
import { names, openEnds, plannedTimes } from './words.ts';

const thresholds = {
  maxRows: { value: 5_000_000, unit: 'rows', why: 'Beyond, putting the times in order takes longer than it tells.' },
  minTimes: { value: 50, unit: 'different times', why: 'Of fewer, what is usual between two cannot be told.' },
  minExpected: { value: 20, unit: 'rows', why: 'By chance as many are missed once in 100,000,000 gaps.' },
  minLength: { value: 10, unit: 'times the usual step', why: 'Shorter gaps are the rhythm of the day.' },
  maxAlike: {
    value: 3,
    unit: 'other gaps nearly as long',
    why: 'More are a rhythm: nights, weekends, the days between two closings of a month.',
  },
  minAlike: {
    value: 0.6,
    unit: 'of its length',
    why: 'A weekend is as long as another, and a long weekend half as long again.',
  },
  maxGaps: { value: 3, unit: 'gaps', why: 'Those that follow are shorter, and mostly of one cause.' },
} as const;

/** Finds stretches of time in which nothing was recorded, though as much as before and after was due. */
export const gapInTime: Rule = {
  id: 'gap-in-time',
  says: 'For a stretch of time a table has no rows, though as many as before and after were due.',
  severity: { high: 'always' },
  thresholds,
  needs: 'a time with at least 50 different values that was not planned: one of creation or recording, else the first',
  rows: 'Rows that may be missing, by what is usual before and after; the check returns the first row after the gap.',
  know: (table) =>
    clockOf(table) !== undefined && isTooLarge(table)
      ? {
          not_looked_at: [
            {
              reason: 'too_large',
              detail: `${table.table} has ${formatCountOf(table.rows.count, 'row')}; gaps in time are sought in up to ${formatCount(thresholds.maxRows.value)}.`,
            },
          ],
        }
      : {},
  ask: (table) => {
    const time = clockOf(table);
    if (time === undefined || isTooLarge(table)) return [];
    const { sql, from } = table;
    const answer = aliases({
      since: 'g.prev',
      until_then: 'g.s',
      gap: 'g.gap',
      usual: 'max(middle.q2)',
      earlier: 'sum(case when t.s <= g.prev and t.s > g.prev - g.gap then t.n else 0 end)',
      later: 'sum(case when t.s >= g.s and t.s < g.s + g.gap then t.n else 0 end)',
    });
    return [
      {
        about: 'stretches without rows',
        sql: [
          // Steps between different times: of dates, many rows share one, and most steps between rows are 0.
          `with t as (select s, count(*) as n from (select ${sql.asSeconds(time)} as s from ${from}) moments where s is not null group by s),`,
          'ordered as (select s, lag(s) over (order by s) as prev from t),',
          'steps as (select s, prev, s - prev as gap from ordered where prev is not null),',
          'gaps as (select s, prev, gap from steps order by gap desc, s limit 12),',
          `middle as (${sql.quartiles('gap', 'steps')})`,
          `select ${answer.list}`,
          'from gaps g cross join t cross join middle group by g.prev, g.s, g.gap order by g.gap desc, g.s',
        ].join('\n'),
        read: (rows) => ({
          findings: rows
            .map(answer.read)
            .filter(
              (cells) =>
                Math.min(cells.number('earlier'), cells.number('later')) >= thresholds.minExpected.value &&
                cells.number('gap') >= thresholds.minLength.value * cells.number('usual'),
            )
            .filter((cells, _, all) => {
              const least = thresholds.minAlike.value * cells.number('gap');
              return all.filter((other) => other.number('gap') >= least).length <= 1 + thresholds.maxAlike.value;
            })
            .slice(0, thresholds.maxGaps.value)
            .map((cells) => {
              const [earlier, later] = [cells.number('earlier'), cells.number('later')];
              const [since, until, gap] = [cells.number('since'), cells.number('until_then'), cells.number('gap')];
              const due = Math.round((earlier + later) / 2);
              return {
                severity: 'high',
                columns: [time.name],
                part: showSecond(since),
                rows: due,
                basis: 'approximate',
                title: `Nothing was recorded for ${duration(gap)}`,
                detail: `From ${showMoment(since)} to ${showMoment(until)} ${table.table} has no row by ${time.name}; as long a time before and after has ${formatCount(earlier)} and ${formatCount(later)}, so about ${formatCount(due)} may be missing.`,
                advice: 'Ask whether the source or the load stood still, and load the period again.',
                check: firstAfter(table, time, { since, until, gap }),
              };
            }),
        }),
      },
    ];
  },
};

const isTooLarge = (table: RuleTable): boolean => table.rows.count > thresholds.maxRows.value;

/** By which rows are recorded one after the other: not what is planned, and not when people were born. */
const clockOf = (table: RuleTable): RuleColumn | undefined => {
  const clocks = table.columns.filter(
    (column) =>
      isTime(column) &&
      (column.distinct?.count ?? 0) >= thresholds.minTimes.value &&
      !names(column, ...plannedTimes, ...openEnds) &&
      personalKind(column) === undefined,
  );
  return clocks.find((column) => names(column, 'created', 'recorded', 'inserted', 'logged')) ?? clocks[0];
};

/** Rows that follow half of the gap or more, within it and a second: none once most of it was loaded. */
const firstAfter = (
  { sql, from }: RuleTable,
  time: RuleColumn,
  { since, until, gap }: { readonly since: number; readonly until: number; readonly gap: number },
): string => {
  const seconds = sql.asSeconds(time);
  return [
    `select * from (select t.*, ${seconds} as surveyor_seconds, lag(${seconds}) over (order by ${seconds}) as surveyor_before from ${from} t where ${seconds} is not null) ordered`,
    `where surveyor_seconds - surveyor_before >= ${gap / 2} and surveyor_seconds > ${since} and surveyor_seconds <= ${until + 1}`,
  ].join(' ');
};
