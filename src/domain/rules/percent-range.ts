import { formatCountOf } from '../format.ts';
import { countIf } from '../engines/sql-parts.ts';
import { aliasesOf } from './aliases.ts';
import { isOrdinary } from './is-ordinary.ts';
import type { Rule } from './rule-card.ts';
import { numberOf, type RuleColumn, type RuleTable } from './rule-table.ts';
import { verb } from './say.ts';
import { isIdentifier, names } from './words.ts';

const thresholds = {
  maxShare: { value: 0.2, unit: 'of the rows', why: 'Where more lie outside, the column is no percentage.' },
} as const;

const outside = ({ sql }: RuleTable, column: RuleColumn): string =>
  `${isOrdinary(sql, column)} and ${sql.asNumber(column)} not between 0 and 100`;

/** Finds percentages below 0 and above 100. */
export const percentRange: Rule = {
  id: 'percent-range',
  says: 'A percentage lies outside 0 to 100.',
  severity: { medium: 'always' },
  thresholds,
  needs: 'the range of number columns whose names tell of percent or humidity',
  views: true,
  ask: (table) => {
    const columns = table.columns.filter(
      (column) => isPercent(column) && (numberOf(column.range?.min) < 0 || numberOf(column.range?.max) > 100),
    );
    if (columns.length === 0) return [];
    const answer = aliasesOf(columns, (column) => ({ n: countIf(outside(table, column)) }));
    return [
      {
        about: 'percentages outside 0 to 100',
        sql: `select ${answer.list} from ${table.from}`,
        read: ([row]) => ({
          findings: answer.read(row).flatMap(([column, cells]) => {
            const n = cells.number('n');
            if (n === 0 || n > thresholds.maxShare.value * table.rows.count) return [];
            const { name, range } = column;
            return [
              {
                severity: 'medium',
                columns: [name],
                rows: n,
                of: table.rows.count,
                examples: [range?.min, range?.max].filter((value) => numberOf(value) < 0 || numberOf(value) > 100),
                title: `${name} is outside 0 to 100`,
                detail: `${formatCountOf(n, 'row')} ${verb(n, 'holds', 'hold')} a percentage that cannot be; the profile’s extremes are ${range?.min} and ${range?.max}.`,
                advice: 'Reject such values when loading.',
                check: `select * from ${table.from} where ${outside(table, column)}`,
              },
            ];
          }),
        }),
      },
    ];
  },
};

/** Whether a column is measured in percent, by its name. */
const isPercent = (column: RuleColumn): boolean =>
  column.kind === 'number' && !isIdentifier(column) && names(column, 'pct', 'percent', 'percentage', 'humidity');
