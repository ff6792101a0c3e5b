import { formatCount, formatCountOf } from '../format.ts';
import { aliases } from './aliases.ts';
import { type Reference, findReferences } from './references.ts';
import type { Ask, Rule, Verdict } from './rule-card.ts';
import type { RuleTable } from './rule-table.ts';
import { percent, verb } from './say.ts';

const thresholds = {
  maxShare: {
    value: 0.5,
    unit: 'of the rows that point',
    why: 'Where more are unknown, the names are alike and the things are not; a declared reference is told anyway.',
  },
} as const;

/** Finds rows that point at a row which does not exist, and tells how tables belong together. */
export const orphan: Rule = {
  id: 'orphan',
  says: 'A row points at a row of another table that does not exist.',
  severity: { high: 'always' },
  thresholds,
  needs: 'a declared foreign key, or an identifier that is called like the key of a table of the same database',
  know: (table) => {
    const { found, lost } = findReferences(table);
    return {
      relationships: [
        ...(table.rows.count === 0
          ? found.filter(({ isDeclared }) => isDeclared).map((reference) => between(table, reference))
          : []),
        ...lost.map(({ columns, table: to, keys }) => ({
          from: { table: table.table, columns },
          to: { table: to, columns: keys },
          basis: 'declared' as const,
        })),
      ],
      not_looked_at: [
        ...outsideKeys(table),
        ...lost.map(({ columns, table: to }) => ({
          reason: 'not_measured' as const,
          columns,
          other_table: to,
          detail: `${columns.join(', ')} of ${table.table} ${columns.length === 1 ? 'points' : 'point'} at ${to}, which is not among the measured tables.`,
        })),
      ],
    };
  },
  ask: (table) => findReferences(table).found.map((reference) => whetherFound(table, reference)),
};

/** Declared foreign keys that lead to tables which the run was not given. */
const outsideKeys = ({ table, constraints }: RuleTable): NonNullable<Verdict['not_looked_at']> =>
  constraints
    .filter(({ outside }) => outside === true)
    .map(({ columns }) => ({
      reason: 'not_asked' as const,
      columns,
      detail: `${columns.join(', ')} of ${table} ${columns.length === 1 ? 'points' : 'point'} at a table outside this run: whether all its rows find theirs there was not looked at.`,
    }));

const between = (table: RuleTable, { columns, to, keys, isDeclared }: Reference) => ({
  from: { table: table.table, columns: columns.map(({ name }) => name) },
  to: { table: to.table, columns: keys.map(({ name }) => name) },
  basis: isDeclared ? ('declared' as const) : ('inferred' as const),
});

const whetherFound = (table: RuleTable, reference: Reference): Ask => {
  const { sql, from } = table;
  const { columns, to, keys, isDeclared } = reference;
  const target = sql.table(to.table);
  const own = columns.map((column, index) => sql.asKey(column, keys[index]));
  const other = keys.map((column, index) => sql.asKey(column, columns[index]));
  // A row of which one part is NULL points at nothing.
  const points = columns.map(({ name }) => `${sql.name(name)} is not null`).join(' and ');
  const isKey = keys.map(({ name }) => `${sql.name(name)} is not null`).join(' and ');
  const numbered = (values: readonly string[]): string =>
    values.map((value, index) => `${value} as k${index}`).join(', ');
  const numbers = own.map((_, index) => `k${index}`).join(', ');
  const [first] = columns;
  const isShown = columns.length === 1 && first !== undefined && ['number', 'text', 'time'].includes(first.kind);
  const shown = isShown ? sql.asText(first) : 'null';
  const answer = aliases({
    pointing: 'sum(n)',
    broken: 'sum(case when b.k0 is null then n end)',
    unknown_keys: 'count(case when b.k0 is null then 1 end)',
    used_keys: 'count(b.k0)',
    all_keys: `(select count(*) from (select distinct ${numbered(other)} from ${target} where ${isKey}) every_key)`,
    least: 'min(case when b.k0 is null then a.shown end)',
    most: 'max(case when b.k0 is null then a.shown end)',
  });
  const [name, key] = [columns, keys].map((list) => list.map((column) => column.name).join(', '));
  return {
    about: `${name} → ${to.table}.${key}`,
    sql: [
      `select ${answer.list}`,
      // Grouped by name: MariaDB takes two equal expressions with a collation for different ones.
      `from (select ${numbers}, count(*) as n, min(shown) as shown from (select ${numbered(own)}, ${shown} as shown from ${from} where ${points}) pointing group by ${numbers}) a`,
      `left join (select distinct ${numbered(other)} from ${target} where ${isKey}) b on ${own.map((_, index) => `b.k${index} = a.k${index}`).join(' and ')}`,
    ].join('\n'),
    read: ([row]) => {
      const cells = answer.read(row);
      const [pointing, broken] = [cells.number('pointing'), cells.number('broken')];
      const relationship = { ...between(table, reference), rows: pointing, orphans: broken };
      const isOfOthers = broken > thresholds.maxShare.value * pointing;
      if (pointing === 0 || (isOfOthers && !isDeclared)) return isDeclared ? { relationships: [relationship] } : {};
      const unused = cells.number('all_keys') - cells.number('used_keys');
      const unknown = cells.number('unknown_keys');
      return {
        relationships: [relationship],
        facts: [
          `${name} ${verb(columns.length, 'points', 'point')} at ${to.table}.${key}: ${percent(pointing - broken, pointing)} of ${formatCountOf(pointing, 'row')} find their row; ${unused === 0 ? `every row of ${to.table} is pointed at` : `${formatCountOf(unused, 'row')} of ${to.table} ${verb(unused, 'is', 'are')} pointed at by none`}.`,
        ],
        findings:
          broken === 0
            ? []
            : [
                {
                  severity: 'high',
                  columns: columns.map((column) => column.name),
                  part: to.table,
                  ...(to.table === table.table ? {} : { other_tables: [to.table] }),
                  rows: broken,
                  of: pointing,
                  examples: [cells.text('least'), cells.text('most')],
                  title: `${name} ${verb(columns.length, 'points', 'point')} at rows that do not exist`,
                  detail: `${formatCountOf(broken, 'row')} of ${formatCount(pointing)} (${percent(broken, pointing)}) ${verb(broken, 'holds', 'hold')} ${unknown === 1 ? 'a value' : `one of ${formatCount(unknown)} values`} of ${name} that ${to.table}.${key} does not have. An inner join drops them silently.`,
                  advice: `Find out whether rows of ${to.table} were deleted or never loaded, and ${isDeclared ? 'have the declared foreign key enforced' : 'declare the foreign key'}.`,
                  check: `select * from ${from} where ${points} and not exists (select 1 from (select ${other.map((value, index) => `${value} as surveyor_key${index}`).join(', ')} from ${target}) pointed_at where ${own.map((value, index) => `surveyor_key${index} = ${value}`).join(' and ')})`,
                },
              ],
      };
    },
  };
};
