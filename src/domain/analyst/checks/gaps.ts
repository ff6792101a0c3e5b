import type { DigestTable } from '../../profile-digest.ts';
import { timeColumns } from '../column-roles.ts';
import { type Check, num } from '../finding.ts';
import { asTime } from '../sql.ts';
import { quoteName, quoteTable } from '../../sql-name.ts';
import { duration } from './times.ts';

/** Above so many rows, putting the times in order takes longer than it tells. */
const mostRows = 5_000_000;
/** So many rows should lie in a gap before it is one: by chance as many are missed once in 10⁸ gaps. */
const leastExpected = 20;

/** Looks for stretches of time in which nothing was recorded, though as much as before and after was due. */
export const gapChecks = (table: DigestTable): readonly Check[] => {
  const time = timeColumns(table).find(({ distinct }) => (distinct?.count ?? 0) >= 50);
  if (time === undefined || table.rows.count > mostRows) return [];
  return [
    {
      about: `${table.table}: stretches without rows`,
      sql: [
        `with t as (select epoch(${asTime(time.name)}) as s from ${quoteTable(table.table)} where ${quoteName(time.name)} is not null),`,
        'steps as (select s, lag(s) over (order by s) as prev from t),',
        'gaps as (select prev, s, s - prev as gap from steps where prev is not null order by gap desc limit 12),',
        'middle as (select quantile_cont(s - prev, 0.5) as usual from steps where prev is not null)',
        'select cast(make_timestamp(cast(g.prev * 1000000 as bigint)) as varchar) as since, cast(make_timestamp(cast(g.s * 1000000 as bigint)) as varchar) as until, g.gap, any_value(usual) as usual,',
        '  count(*) filter (where t.s <= g.prev and t.s > g.prev - g.gap) as before, count(*) filter (where t.s >= g.s and t.s < g.s + g.gap) as after',
        'from gaps g, t, middle group by g.prev, g.s, g.gap order by g.gap desc',
      ].join('\n'),
      read: (rows, evidence) => ({
        findings: rows
          .filter(
            (row) =>
              Math.min(num(row['before']), num(row['after'])) >= leastExpected &&
              num(row['gap']) >= 10 * num(row['usual']),
          )
          .slice(0, 3)
          .map((row) => {
            const due = Math.round((num(row['before']) + num(row['after'])) / 2);
            return {
              severity: 'high' as const,
              table: table.table,
              column: time.name,
              kind: 'silence' as const,
              title: `Nothing was recorded for ${duration(num(row['gap']))}`,
              detail: `From ${row['since']?.slice(0, 16)} to ${row['until']?.slice(0, 16)} ${table.table} has no row by ${time.name}; as long a time before and after has ${num(row['before']).toLocaleString('en-US')} and ${num(row['after']).toLocaleString('en-US')}, so about ${due.toLocaleString('en-US')} may be missing.`,
              advice: 'Ask whether the source or the load stood still, and load the period again.',
              rows: due,
              evidence: [evidence],
            };
          }),
      }),
    },
  ];
};
