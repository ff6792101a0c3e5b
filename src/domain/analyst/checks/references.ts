import type { DigestColumn, DigestTable } from '../../profile-digest.ts';
import { hasPrimaryKey, isDay, isDeclaredKey, keyColumns, mainKey, timeColumns } from '../column-roles.ts';
import { isIdentifier, stem, wordsOf } from '../words.ts';
import { type Check, countOf, num, percent, verb } from '../finding.ts';
import type { CheckSql } from '../../engines/check-sql.ts';
import { countIf, startOfDay } from '../sql.ts';

/** A column that seems to point at the key of a table, by declaration or by name and kind. */
export type Reference = {
  readonly from: DigestTable;
  readonly column: DigestColumn;
  readonly to: DigestTable;
  readonly key: DigestColumn;
  readonly isDeclared: boolean;
};

/** What a column may be called in front of the thing that it points at. */
const roles = [
  'parent',
  'original',
  'previous',
  'related',
  'manager',
  'reply',
  'replaced',
  'merged',
  'duplicate',
  'root',
];

/** The references of a database, declared ones and likely ones. */
export const findReferences = (tables: readonly DigestTable[], of?: DigestTable): readonly Reference[] =>
  (of === undefined ? tables : [of]).flatMap((from) =>
    from.columns.flatMap((column) => declared(tables, from, column) ?? likely(tables, from, column) ?? []),
  );

const declared = (tables: readonly DigestTable[], from: DigestTable, column: DigestColumn): Reference | undefined => {
  const target = from.constraints?.find(
    ({ kind, columns }) => kind === 'foreign_key' && columns.length === 1 && columns[0] === column.name,
  )?.references;
  const to = tables.find(({ table }) => table === target?.table);
  const key = to?.columns.find(({ name }) => name === target?.columns[0]);
  return to === undefined || key === undefined ? undefined : { from, column, to, key, isDeclared: true };
};

const likely = (tables: readonly DigestTable[], from: DigestTable, column: DigestColumn): Reference | undefined => {
  // What tells the rows of a table apart is pointed at; it hardly points.
  if (!isIdentifier(column) || column === mainKey(from)) return undefined;
  const words = wordsOf(column.name);
  const things = words.slice(0, -1).filter((word) => !roles.includes(word));
  const hasRole = words.some((word) => roles.includes(word));
  for (const to of tables) {
    if (to === from && !hasRole) continue;
    for (const key of targets(to)) {
      if (key.kind !== column.kind || (to === from && key === column)) continue;
      const table = stem(wordsOf(to.table).at(-1) ?? '');
      const sameName = wordsOf(key.name).join('_') === [...things, words.at(-1)].join('_') && things.length > 0;
      const namesTable = things.length > 0 ? stem(things.at(-1) ?? '') === table : hasRole && to === from;
      if (sameName || namesTable) return { from, column, to, key, isDeclared: false };
    }
  }
  return undefined;
};

/** What can be pointed at: what is declared to be a key, else what looks like one. */
const targets = (table: DigestTable): readonly DigestColumn[] =>
  hasPrimaryKey(table) ? table.columns.filter(({ name }) => isDeclaredKey(table, [name])) : keyColumns(table);

/** Counts the rows that point at nothing, and those that are older than what they point at. */
export const referenceChecks = (tables: readonly DigestTable[], sql: CheckSql, of?: DigestTable): readonly Check[] =>
  findReferences(tables, of).flatMap((reference) => [orphans(reference, sql), ...timeOrder(reference, sql)]);

const orphans = ({ from, column, to, key, isDeclared }: Reference, sql: CheckSql): Check => {
  const [a, b] = [`a.${sql.name(column.name)}`, `b.${sql.name(key.name)}`];
  const missing = `${a} is not null and not exists (select 1 from ${sql.table(to.table)} b where ${b} = ${a})`;
  return {
    about: `${from.table}.${column.name} → ${to.table}.${key.name}`,
    sql: [
      `select count(a.k) as pointing, ${countIf('b.k is null and a.k is not null')} as broken, count(distinct case when b.k is null then a.k end) as unknown_keys,`,
      `  count(distinct b.k) as used_keys, (select count(distinct ${sql.asKey(key)}) from ${sql.table(to.table)}) as all_keys`,
      `from (select ${sql.asKey(column)} as k from ${sql.table(from.table)}) a`,
      `left join (select distinct ${sql.asKey(key)} as k from ${sql.table(to.table)}) b on b.k = a.k`,
    ].join('\n'),
    read: (rows, evidence) => {
      const row = rows[0];
      const [pointing, broken] = [num(row?.['pointing']), num(row?.['broken'])];
      // More than half unknown: the names are alike, the things are not.
      if (pointing === 0 || broken > 0.5 * pointing) return {};
      const unused = num(row?.['all_keys']) - num(row?.['used_keys']);
      const fact = {
        table: from.table,
        text: `${column.name} points at ${to.table}.${key.name}: ${percent(pointing - broken, pointing)} of ${countOf(pointing, 'row')} find their row; ${unused === 0 ? `every row of ${to.table} is pointed at` : `${countOf(unused, 'row')} of ${to.table} ${unused === 1 ? 'is' : 'are'} pointed at by none`}.`,
        evidence: [evidence],
      };
      const finding = {
        severity: 'high' as const,
        table: from.table,
        column: column.name,
        kind: 'broken_reference' as const,
        title: `${column.name} points at rows that do not exist`,
        detail: `${countOf(broken, 'row')} of ${pointing.toLocaleString('en-US')} (${percent(broken, pointing)}) ${verb(broken, 'holds', 'hold')} one of ${countOf(num(row?.['unknown_keys']), 'value')} of ${column.name} that ${to.table}.${key.name} does not have. An inner join drops them silently.`,
        advice: `Find out whether rows of ${to.table} were deleted or never loaded, and ${isDeclared ? 'have the declared foreign key enforced' : 'declare the foreign key'}.`,
        rows: broken,
        of: pointing,
        evidence: [evidence],
        check: `select count(*) from ${sql.table(from.table)} a where ${missing}`,
      };
      return { facts: [fact], findings: broken > 0 ? [finding] : [] };
    },
  };
};

/** A row is hardly older than what it belongs to: an order before its customer signed up is worth a look. */
const timeOrder = ({ from, column, to, key }: Reference, sql: CheckSql): readonly Check[] => {
  const [later, earlier] = [timeColumns(from)[0], timeColumns(to)[0]];
  if (later === undefined || earlier === undefined || from === to) return [];
  const round = isDay(later) === isDay(earlier) ? (seconds: string) => seconds : startOfDay;
  return [
    {
      about: `${from.table}.${later.name} against ${to.table}.${earlier.name}`,
      sql: [
        `select count(*) as n, ${countIf('a.s < b.s')} as earlier`,
        `from (select ${sql.asKey(column)} as k, ${round(sql.asSeconds(later))} as s from ${sql.table(from.table)}) a`,
        `join (select ${sql.asKey(key)} as k, min(${round(sql.asSeconds(earlier))}) as s from ${sql.table(to.table)} group by 1) b on b.k = a.k`,
        'where a.s is not null and b.s is not null',
      ].join('\n'),
      read: (rows, evidence) => {
        const [n, before] = [num(rows[0]?.['n']), num(rows[0]?.['earlier'])];
        if (before === 0 || before > 0.1 * n) return {};
        return {
          findings: [
            {
              severity: 'medium',
              table: from.table,
              column: later.name,
              kind: 'before_its_parent',
              title: `${later.name} is before ${to.table}.${earlier.name}`,
              detail: `${countOf(before, 'row')} of ${n.toLocaleString('en-US')} ${verb(before, 'has', 'have')} ${later.name} before the ${earlier.name} of the row of ${to.table} that ${verb(before, 'it belongs', 'they belong')} to.`,
              advice: 'One of the two times is wrong; decide which source to trust.',
              rows: before,
              of: n,
              evidence: [evidence],
            },
          ],
        };
      },
    },
  ];
};
