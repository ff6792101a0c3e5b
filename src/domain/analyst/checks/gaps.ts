import type { DigestTable } from '../../profile-digest.ts';
import { timeColumns } from '../column-roles.ts';
import { type Check, num } from '../finding.ts';
import type { CheckSql } from '../../engines/check-sql.ts';
import { countIf, showMoment } from '../sql.ts';
import { duration } from './times.ts';

/** Above so many rows, putting the times in order takes longer than it tells. */
const mostRows = 5_000_000;
/** So many rows should lie in a gap before it is one: by chance as many are missed once in 10⁸ gaps. */
const leastExpected = 20;

/** Looks for stretches of time in which nothing was recorded, though as much as before and after was due. */
export const gapChecks = (table: DigestTable, sql: CheckSql): readonly Check[] => {
  const time = timeColumns(table).find(({ distinct }) => (distinct?.count ?? 0) >= 50);
  if (time === undefined || table.rows.count > mostRows) return [];
  return [
    {
      about: `${table.table}: stretches without rows`,
      sql: [
        `with t as (select ${sql.asSeconds(time)} as s from ${sql.table(table.table)}),`,
        'ordered as (select s, lag(s) over (order by s) as prev from t where s is not null),',
        'steps as (select s, prev, s - prev as gap from ordered where prev is not null),',
        'gaps as (select s, prev, gap from steps order by gap desc, s limit 12),',
        `middle as (${sql.quartiles('gap', 'steps')})`,
        'select g.prev as since, g.s as until_then, g.gap, max(middle.q2) as usual,',
        `  ${countIf('t.s <= g.prev and t.s > g.prev - g.gap')} as earlier, ${countIf('t.s >= g.s and t.s < g.s + g.gap')} as later`,
        'from gaps g cross join t cross join middle group by g.prev, g.s, g.gap order by g.gap desc',
      ].join('\n'),
      read: (rows, evidence) => ({
        findings: rows
          .filter(
            (row) =>
              Math.min(num(row['earlier']), num(row['later'])) >= leastExpected &&
              num(row['gap']) >= 10 * num(row['usual']),
          )
          .slice(0, 3)
          .map((row) => {
            const [earlier, later] = [num(row['earlier']), num(row['later'])];
            const due = Math.round((earlier + later) / 2);
            return {
              severity: 'high' as const,
              table: table.table,
              column: time.name,
              kind: 'silence' as const,
              title: `Nothing was recorded for ${duration(num(row['gap']))}`,
              detail: `From ${showMoment(num(row['since']))} to ${showMoment(num(row['until_then']))} ${table.table} has no row by ${time.name}; as long a time before and after has ${earlier.toLocaleString('en-US')} and ${later.toLocaleString('en-US')}, so about ${due.toLocaleString('en-US')} may be missing.`,
              advice: 'Ask whether the source or the load stood still, and load the period again.',
              rows: due,
              evidence: [evidence],
            };
          }),
      }),
    },
  ];
};
