import { formatCount, formatCountOf } from '../format.ts';
import { countIf, startOfDay } from '../engines/sql-parts.ts';
import { aliases } from './aliases.ts';
import { isDay, isTime } from './column-roles.ts';
import { type Reference, findReferences } from './references.ts';
import type { Ask, Rule } from './rule-card.ts';
import type { RuleTable } from './rule-table.ts';
import { verb } from './say.ts';

const thresholds = {
  maxShare: { value: 0.1, unit: 'of the rows', why: 'Where more are older, the two times do not tell of an order.' },
} as const;

/** Finds rows that are older than what they belong to: an order before its customer signed up is worth a look. */
export const beforeParent: Rule = {
  id: 'before-parent',
  says: 'A row is older than the row of another table that it belongs to.',
  severity: { medium: 'always' },
  thresholds,
  needs: 'a reference to another table, and a time in both: the first of each',
  ask: (table) => findReferences(table).found.flatMap((reference) => whetherOlder(table, reference)),
};

const whetherOlder = (table: RuleTable, { columns, to, keys }: Reference): readonly Ask[] => {
  const { sql, from } = table;
  const [later, earlier] = [table.columns.find(isTime), to.columns.find(isTime)];
  if (later === undefined || earlier === undefined || to.table === table.table) return [];
  const round = isDay(later) === isDay(earlier) ? (seconds: string) => seconds : startOfDay;
  const own = columns.map((column, index) => sql.asKey(column, keys[index]));
  const other = keys.map((column, index) => sql.asKey(column, columns[index]));
  const answer = aliases({
    n: 'count(*)',
    earlier: countIf('a.s < b.s'),
    least: 'min(case when a.s < b.s then a.shown end)',
    most: 'max(case when a.s < b.s then a.shown end)',
  });
  // Grouped by name: MariaDB takes two equal expressions with a collation for different ones.
  const parents = (name: string): string => {
    const named = other.map((_, index) => `${name}_key${index}`).join(', ');
    const every = other.map((value, index) => `${value} as ${name}_key${index}`).join(', ');
    return `select ${named}, min(${name}_second) as ${name}_seconds from (select ${every}, ${round(sql.asSeconds(earlier))} as ${name}_second from ${sql.table(to.table)}) every_parent group by ${named}`;
  };
  return [
    {
      about: `${later.name} against ${to.table}.${earlier.name}`,
      sql: [
        `select ${answer.list}`,
        `from (select ${own.map((value, index) => `${value} as k${index}`).join(', ')}, ${round(sql.asSeconds(later))} as s, ${sql.asText(later)} as shown from ${from}) a`,
        `join (select ${own.map((_, index) => `b_key${index} as k${index}`).join(', ')}, b_seconds as s from (${parents('b')}) parents) b on ${own.map((_, index) => `b.k${index} = a.k${index}`).join(' and ')}`,
        'where a.s is not null and b.s is not null',
      ].join('\n'),
      read: ([row]) => {
        const cells = answer.read(row);
        const [n, before] = [cells.number('n'), cells.number('earlier')];
        if (before === 0 || before > thresholds.maxShare.value * n) return {};
        return {
          findings: [
            {
              severity: 'medium',
              columns: [later.name, ...columns.map(({ name }) => name)],
              part: `${to.table}.${earlier.name}`,
              other_tables: [to.table],
              rows: before,
              of: n,
              examples: [cells.text('least'), cells.text('most')],
              title: `${later.name} is before ${to.table}.${earlier.name}`,
              detail: `${formatCountOf(before, 'row')} of ${formatCount(n)} ${verb(before, 'has', 'have')} ${later.name} before the ${earlier.name} of the row of ${to.table} that ${verb(before, 'it belongs', 'they belong')} to.`,
              advice: 'One of the two times is wrong; decide which source to trust.',
              check: `select * from ${from} where exists (select 1 from (${parents('surveyor')}) parents where ${own.map((value, index) => `surveyor_key${index} = ${value}`).join(' and ')} and surveyor_seconds > ${round(sql.asSeconds(later))})`,
            },
          ],
        };
      },
    },
  ];
};
