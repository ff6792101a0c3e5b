import { formatCountOf } from '../format.ts';
import { aliases } from './aliases.ts';
import { measuredColumns } from './column-roles.ts';
import type { Ask, Rule } from './rule-card.ts';
import { type RuleColumn, type RuleTable, filled } from './rule-table.ts';
import { estimate, verb } from './say.ts';

/** Finds NaN, infinities, and what SQLite lets stand among numbers. */
export const notANumber: Rule = {
  id: 'not-a-number',
  says: 'A number is NaN or infinite; in SQLite also a text or bytes among numbers.',
  severity: { medium: 'always' },
  thresholds: {},
  needs: 'the signs of number columns',
  views: true,
  ask: (table) =>
    measuredColumns(table)
      .filter(({ signs }) => signs !== undefined && signs.not_finite > 0)
      .map((column) => whichOnes(table, column)),
};

/** The profile has counted them; what they are, only the rows tell. */
const whichOnes = (table: RuleTable, column: RuleColumn): Ask => {
  const { name, signs } = column;
  const shown = table.sql.asText(column);
  const answer = aliases({ least: `min(${shown})`, most: `max(${shown})` });
  const where = `from ${table.from} where ${table.sql.isNotFinite(column)}`;
  const rows = signs?.not_finite ?? 0;
  return {
    about: `what stands in ${name} that is no number`,
    sql: `select ${answer.list} ${where}`,
    read: ([row]) => {
      const cells = answer.read(row);
      return {
        findings: [
          {
            severity: 'medium',
            columns: [name],
            rows,
            of: filled(table, column),
            basis: signs?.basis,
            examples: [cells.text('least'), cells.text('most')],
            evidence: table.evidence,
            title: `${name} is not a number`,
            detail: `${formatCountOf(rows, 'row')}${estimate(signs)} ${verb(rows, 'holds', 'hold')} NaN, infinity or another thing that is no number in ${name}; one such row makes every sum and average of the column useless.`,
            advice: 'Store NULL instead.',
            check: `select * ${where}`,
          },
        ],
      };
    },
  };
};
