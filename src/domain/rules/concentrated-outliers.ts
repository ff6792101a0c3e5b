import { formatCount } from '../format.ts';
import { median } from '../engines/sql-parts.ts';
import { aliases } from './aliases.ts';
import { groupColumns, isTime } from './column-roles.ts';
import { isOrdinary } from './is-ordinary.ts';
import { type BeyondFences, outlierCondition } from './looks/beyond-fences.ts';
import { areWide, comparedValue, isBeyond, valueLiteral } from './looks/fences.ts';
import type { Ask, JudgingRule } from './rule-card.ts';
import type { RuleColumn, RuleTable } from './rule-table.ts';
import { showMoment } from './say.ts';
import { unitHint } from './unit-hint.ts';

const thresholds = {
  minOutliers: { value: 5, unit: 'outliers', why: 'Of fewer, nothing can be said of where they come from.' },
  minRows: { value: 10, unit: 'outliers of one', why: 'Fewer come from one by chance.' },
  minShare: { value: 0.9, unit: 'of the outliers', why: 'So many of one are its own.' },
  maxSize: { value: 0.5, unit: 'of the rows', why: 'One that holds most of the table holds most of anything.' },
  maxGroups: { value: 4, unit: 'groups a column', why: 'Each takes a pass over the table; the finest tell most.' },
} as const;

/** Finds the one device, site or product that the outliers of a column come from, since when, and what unit would explain them. */
export const concentratedOutliers: JudgingRule<readonly BeyondFences[]> = {
  id: 'concentrated-outliers',
  says: 'Nearly all outliers of a column come from one device, site, product …',
  severity: { high: 'always' },
  thresholds,
  needs: 'the quartiles of number columns, and identifiers and categories that many rows share: the four finest',
  views: true,
  judge: (seen, table) => ({
    next: seen
      .filter(({ total, mark }) => total - (mark?.n ?? 0) >= thresholds.minOutliers.value)
      .map((one) => whereFrom(table, one)),
  }),
};

const whereFrom = (table: RuleTable, seen: BeyondFences): Ask => {
  const { sql, from } = table;
  const { column, fences, mark } = seen;
  const rest = seen.total - (mark?.n ?? 0);
  const groups = groupColumns(table)
    .filter((group) => group !== column)
    .slice(0, thresholds.maxGroups.value);
  const time = table.columns.find(isTime);
  // What a double does not hold is compared with the fences in its own type.
  const compared = areWide(fences) ? `${comparedValue(table, column, fences)} as e, ` : '';
  const value = compared === '' ? 'x' : 'e';
  const isOutlier = isBeyond(value, column, fences.low, fences.high);
  const isKnown = mark === undefined ? '' : ` where ${value} <> ${valueLiteral(mark.value)}`;
  const answer = (group?: RuleColumn) =>
    aliases({
      part: group === undefined ? 'null' : sql.text(group.name),
      value: 'max(shown)',
      n: 'max(n)',
      every_row: 'max(every_row)',
      since: 'max(since)',
      unusual: median('case when is_outlier = 1 then x end', 'r', 'alike'),
      usual: median('case when is_outlier = 0 then x end', 'r', 'alike'),
    });
  // Rows are put in order for the medians of one group only, the one with the most outliers.
  const parts = [undefined, ...groups].map((group, index) => ({
    rows: `t${index} as (select g, shown, x, s, case when ${isOutlier} then 1 else 0 end as is_outlier from (
  select ${group === undefined ? '1' : sql.exactly(group)} as g, ${group === undefined ? 'null' : sql.asText(group)} as shown, ${compared}${sql.asNumber(column)} as x, ${time === undefined ? 'null' : sql.asSeconds(time)} as s
  from ${from} where ${isOrdinary(sql, column)}) t${isKnown})`,
    first: `first${index} as (select g, min(shown) as shown, sum(is_outlier) as n, count(*) as every_row, min(case when is_outlier = 1 then s end) as since
  from t${index} group by g order by n desc, shown limit 1)`,
    answer: `select ${answer(group).list}
from (select f.shown, f.n, f.every_row, f.since, t.x, t.is_outlier,
  row_number() over (partition by t.is_outlier order by t.x) as r, count(*) over (partition by t.is_outlier) as alike
  from first${index} f join t${index} t on t.g = f.g) ranked`,
  }));
  return {
    about: `where the outliers of ${column.name} come from`,
    sql: `with ${parts.flatMap(({ rows, first }) => [rows, first]).join(',\n')}\n${parts.map((part) => part.answer).join('\nunion all\n')}`,
    read: (rows) => {
      const read = rows.map(answer().read);
      const all = read.find((cells) => cells.text('part') === undefined);
      const owner = read.find(
        (cells) =>
          cells.text('part') !== undefined &&
          cells.number('n') >= Math.max(thresholds.minRows.value, thresholds.minShare.value * rest) &&
          cells.number('every_row') <= thresholds.maxSize.value * table.rows.count,
      );
      const told = owner ?? all;
      const hint = unitHint(column, told?.number('usual') ?? 0, told?.number('unusual') ?? 0);
      const group = groups.find(({ name }) => name === owner?.text('part'));
      if (owner === undefined || group === undefined)
        return hint === undefined ? {} : { facts: [`The outliers of ${column.name} ${hint}.`] };
      const [n, value, since] = [owner.number('n'), owner.text('value') ?? '', owner.text('since')];
      const first =
        since === undefined || time === undefined ? '' : `, the first at ${time.name} ${showMoment(Number(since))}`;
      const shown = group.kind === 'text' ? sql.exactly(group) : sql.asText(group);
      return {
        findings: [
          {
            severity: 'high',
            columns: [column.name, group.name],
            rows: n,
            of: rest,
            examples: [value],
            title: `The outliers of ${column.name} come from one ${group.name}`,
            detail: `${n === rest ? 'All' : `${formatCount(n)} of the`} ${formatCount(rest)} outliers of ${column.name} have ${group.name} = ${value}${first}.${hint === undefined ? '' : ` They ${hint}.`}`,
            advice:
              'Look at this one’s unit, calibration or configuration; convert or exclude its values until it is repaired.',
            check: `select * from ${from} where ${outlierCondition(table, seen)} and ${shown} = ${sql.text(value)}`,
          },
        ],
      };
    },
  };
};
