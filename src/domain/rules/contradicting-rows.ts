import { formatCountOf } from '../format.ts';
import { aliases } from './aliases.ts';
import { groupColumns, isTime, mainKey } from './column-roles.ts';
import { exactList, extraRows } from './extra-rows.ts';
import type { Rule } from './rule-card.ts';
import { verb } from './say.ts';
import { isIdentifier } from './words.ts';

const thresholds = {
  maxShare: {
    value: 0.02,
    unit: 'of the rows',
    why: 'A few coincidences are natural where times are coarse; a large part means that this is no series.',
  },
  minTimes: { value: 0.02, unit: 'different times per row', why: 'Of fewer times, many rows share one anyway.' },
} as const;

/** Finds several different rows for one moment of one device or account: a series has one. */
export const contradictingRows: Rule = {
  id: 'contradicting-rows',
  says: 'In a series, rows of one device or account at one time contradict each other.',
  severity: { low: 'always' },
  thresholds,
  needs: 'a time, an identifier that many rows share, and further columns',
  ask: (table) => {
    const { sql, from } = table;
    const time = table.columns.find(isTime);
    const group = groupColumns(table).find(isIdentifier);
    if (time === undefined || group === undefined) return [];
    if ((time.distinct?.count ?? 0) < thresholds.minTimes.value * table.rows.count) return [];
    const key = mainKey(table);
    const rest = table.columns.filter((column) => column !== key && column !== time && column !== group);
    if (rest.length === 0) return [];
    const isFilled = `${sql.name(time.name)} is not null and ${sql.name(group.name)} is not null`;
    const answer = aliases({ different: 'coalesce(sum(kinds - 1), 0)' });
    return [
      {
        about: `several rows for one ${group.name} and ${time.name}`,
        sql: [
          `select ${answer.list} from (select count(*) as kinds from (`,
          `  select ${sql.exactly(group)} as g, ${sql.exactly(time)} as t from ${from}`,
          `  where ${isFilled} group by ${exactList(table, [group, time, ...rest])}`,
          ') different_rows group by g, t having count(*) > 1) contradictions',
        ].join('\n'),
        read: ([row]) => {
          const rows = answer.read(row).number('different');
          if (rows === 0 || rows > thresholds.maxShare.value * table.rows.count) return {};
          return {
            findings: [
              {
                severity: 'low',
                columns: [group.name, time.name],
                rows,
                of: table.rows.count,
                title: `Contradicting rows for one ${group.name} and ${time.name}`,
                detail: `${formatCountOf(rows, 'row')} ${verb(rows, 'shares', 'share')} ${group.name} and ${time.name} with another row and ${verb(rows, 'differs', 'differ')} from it otherwise.`,
                advice: 'Decide which row counts when a moment has several.',
                check: extraRows(table, {
                  kind: exactList(table, [group, time]),
                  each: exactList(table, rest),
                  where: isFilled,
                }),
              },
            ],
          };
        },
      },
    ];
  },
};
