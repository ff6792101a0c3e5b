import { formatCount, formatCountOf } from '../format.ts';
import { countIf } from '../engines/sql-parts.ts';
import { aliasesOf, type Cells } from './aliases.ts';
import { chunks, measuredColumns } from './column-roles.ts';
import { type TimePair, delayOf, pairThresholds, timePairs } from './looks/time-pairs.ts';
import type { Found, Rule } from './rule-card.ts';
import type { RuleColumn, RuleTable } from './rule-table.ts';
import { percent } from './say.ts';
import { names } from './words.ts';

const thresholds = {
  ...pairThresholds,
  tolerance: { value: 1, unit: 'of the unit', why: 'Durations are rounded.' },
  minRows: { value: 20, unit: 'rows', why: 'In fewer, a number is the time between two by chance.' },
  maxShare: { value: 0.2, unit: 'of the rows', why: 'Where more are not, the number is something else.' },
} as const;

const durationNames =
  'seconds secs sec minutes mins min hours hrs days duration elapsed age wait delay latency time'.split(' ');
const units = [['seconds', 1], ['minutes', 60], ['hours', 3_600], ['days', 86_400]] as const; // prettier-ignore

type Asked = { readonly pair: TimePair; readonly column: RuleColumn };

/** Finds numbers that are the time between two times in most rows, and not in these. */
export const wrongDuration: Rule = {
  id: 'wrong-duration',
  says: 'A number is the time between two times of its row in most rows, but not in these.',
  severity: { medium: 'always' },
  thresholds,
  needs: 'two times of what happened, and a number whose name tells of a duration',
  ask: (table) => {
    const columns = measuredColumns(table).filter((column) => names(column, ...durationNames));
    const asked = timePairs(table).flatMap((pair) => columns.map((column): Asked => ({ pair, column })));
    return chunks(asked, 40).map((some) => {
      const answer = aliasesOf(some, (one) => {
        const [s, x] = [`(${delayOf(table.sql, one.pair)})`, table.sql.asNumber(one.column)];
        const isIn = (seconds: number): string =>
          countIf(`abs(${s} / ${seconds}.0 - ${x}) <= ${thresholds.tolerance.value}`);
        return {
          n: countIf(`${s} is not null and ${x} is not null`),
          seconds: isIn(units[0][1]),
          minutes: isIn(units[1][1]),
          hours: isIn(units[2][1]),
          days: isIn(units[3][1]),
        };
      });
      return {
        about: 'durations against the times they are between',
        sql: `select ${answer.list}\nfrom ${table.from}`,
        read: ([row]) => {
          const judged = answer.read(row).map(([one, cells]) => judge(table, one, cells));
          return {
            facts: judged.flatMap(({ fact }) => fact ?? []),
            findings: judged.flatMap(({ finding }) => finding ?? []),
          };
        },
      };
    });
  },
};

const judge = (
  table: RuleTable,
  { pair: { a, b }, column }: Asked,
  cells: Cells<'n' | (typeof units)[number][0]>,
): { readonly fact?: string; readonly finding?: Found } => {
  const n = cells.number('n');
  const [unit, seconds] = units.toSorted(([x], [y]) => cells.number(y) - cells.number(x))[0] ?? units[0];
  const wrong = n - cells.number(unit);
  if (n < thresholds.minRows.value || wrong > thresholds.maxShare.value * n) return {};
  const fact = `${column.name} is the time from ${a.name} to ${b.name} in ${unit} in ${percent(n - wrong, n)} of ${formatCountOf(n, 'row')}.`;
  if (wrong === 0) return { fact };
  return {
    fact,
    finding: {
      severity: 'medium',
      columns: [column.name, a.name, b.name],
      rows: wrong,
      of: n,
      title: `${column.name} does not fit its times`,
      detail: `${column.name} is the time from ${a.name} to ${b.name} in ${unit}, but not in ${formatCountOf(wrong, 'row')} of ${formatCount(n)} (${percent(wrong, n)}).`,
      advice: 'Compute it from the two times instead of storing it, or find out which of the three is wrong.',
      check: `select * from ${table.from} where abs((${delayOf(table.sql, { a, b })}) / ${seconds}.0 - ${table.sql.asNumber(column)}) > ${thresholds.tolerance.value}`,
    },
  };
};
