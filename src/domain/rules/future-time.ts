import { formatCountOf } from '../format.ts';
import type { Rule } from './rule-card.ts';
import { filled } from './rule-table.ts';
import { estimate, verb } from './say.ts';
import { names, openEnds, plannedTimes } from './words.ts';

const thresholds = {
  maxShare: {
    value: 0.2,
    unit: 'of the filled rows',
    why: 'Where more lie in the future, the column is about the future.',
  },
} as const;

/** Finds times of what happened that lie in the future. */
export const futureTime: Rule = {
  id: 'future-time',
  says: 'A time at which something happened lies after the time of the survey.',
  severity: { medium: 'always' },
  thresholds,
  needs: 'the freshness of time columns whose names do not tell of plans or ends',
  views: true,
  know: (table) => ({
    findings: table.columns.flatMap((column) => {
      const { name, freshness } = column;
      const of = filled(table, column);
      if (freshness === undefined || freshness.in_future === 0) return [];
      if (names(column, ...plannedTimes, ...openEnds) || freshness.in_future > thresholds.maxShare.value * of)
        return [];
      return [
        {
          severity: 'medium',
          columns: [name],
          rows: freshness.in_future,
          of,
          basis: freshness.basis,
          examples: [freshness.newest],
          title: `${name} lies in the future`,
          detail: `${formatCountOf(freshness.in_future, 'row')}${estimate(freshness)} ${verb(freshness.in_future, 'has', 'have')} ${name} after the time of this survey; the latest is ${freshness.newest}.`,
          advice: 'Reject times in the future when loading; such rows distort every “latest” and every range of time.',
          check: `select * from ${table.from} where ${table.sql.asSeconds(column)} > ${table.sql.now}`,
        },
      ];
    }),
  }),
};
