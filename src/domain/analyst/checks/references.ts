import type { DigestColumn, DigestTable } from '../../profile-digest.ts';
import { keyColumns, timeColumns } from '../column-roles.ts';
import { isIdentifier, stem, wordsOf } from '../words.ts';
import { type Check, countOf, num, percent } from '../finding.ts';
import { asTime } from '../sql.ts';
import { quoteName, quoteTable } from '../../sql-name.ts';

/** A column that seems to point at the key of a table, by declaration or by name and kind. */
export type Reference = {
  readonly from: DigestTable;
  readonly column: DigestColumn;
  readonly to: DigestTable;
  readonly key: DigestColumn;
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
export const findReferences = (tables: readonly DigestTable[]): readonly Reference[] =>
  tables.flatMap((from) =>
    from.columns.flatMap((column) => declared(tables, from, column) ?? likely(tables, from, column) ?? []),
  );

const declared = (tables: readonly DigestTable[], from: DigestTable, column: DigestColumn): Reference | undefined => {
  const target = from.constraints?.find(
    ({ kind, columns }) => kind === 'foreign_key' && columns.length === 1 && columns[0] === column.name,
  )?.references;
  const to = tables.find(({ table }) => table === target?.table);
  const key = to?.columns.find(({ name }) => name === target?.columns[0]);
  return to === undefined || key === undefined ? undefined : { from, column, to, key };
};

const likely = (tables: readonly DigestTable[], from: DigestTable, column: DigestColumn): Reference | undefined => {
  if (!isIdentifier(column)) return undefined;
  const words = wordsOf(column.name);
  const things = words.slice(0, -1).filter((word) => !roles.includes(word));
  const hasRole = words.some((word) => roles.includes(word));
  for (const to of tables) {
    if (to === from && !hasRole) continue;
    for (const key of keyColumns(to)) {
      if (key.kind !== column.kind || (to === from && key === column)) continue;
      const table = stem(wordsOf(to.table).at(-1) ?? '');
      const sameName = wordsOf(key.name).join('_') === [...things, words.at(-1)].join('_') && things.length > 0;
      const namesTable = things.length > 0 ? stem(things.at(-1) ?? '') === table : hasRole && to === from;
      if (sameName || namesTable) return { from, column, to, key };
    }
  }
  return undefined;
};

/** Counts the rows that point at nothing, and those that are older than what they point at. */
export const referenceChecks = (tables: readonly DigestTable[]): readonly Check[] =>
  findReferences(tables).flatMap((reference) => [orphans(reference), ...timeOrder(reference)]);

const orphans = ({ from, column, to, key }: Reference): Check => {
  const [a, b] = [`a.${quoteName(column.name)}`, `b.${quoteName(key.name)}`];
  const missing = `${a} is not null and not exists (select 1 from ${quoteTable(to.table)} b where ${b} = ${a})`;
  return {
    about: `${from.table}.${column.name} → ${to.table}.${key.name}`,
    sql: [
      `select count(${a}) as pointing, count(*) filter (where b.key is null and ${a} is not null) as broken,`,
      `  count(distinct case when b.key is null then ${a} end) as unknown_keys, count(distinct b.key) as used_keys, (select count(distinct ${quoteName(key.name)}) from ${quoteTable(to.table)}) as keys`,
      `from ${quoteTable(from.table)} a left join (select distinct ${quoteName(key.name)} as key from ${quoteTable(to.table)}) b on b.key = ${a}`,
    ].join('\n'),
    read: (rows, evidence) => {
      const row = rows[0];
      const [pointing, broken] = [num(row?.['pointing']), num(row?.['broken'])];
      // More than half unknown: the names are alike, the things are not.
      if (pointing === 0 || broken > 0.5 * pointing) return {};
      const unused = num(row?.['keys']) - num(row?.['used_keys']);
      const fact = {
        table: from.table,
        text: `${column.name} points at ${to.table}.${key.name}: ${percent(pointing - broken, pointing)} of ${countOf(pointing, 'row')} find their row; ${countOf(unused, 'row')} of ${to.table} are pointed at by none.`,
        evidence: [evidence],
      };
      const finding = {
        severity: 'high' as const,
        table: from.table,
        column: column.name,
        kind: 'broken_reference' as const,
        title: `${column.name} points at rows that do not exist`,
        detail: `${countOf(broken, 'row')} of ${pointing.toLocaleString('en-US')} (${percent(broken, pointing)}) hold one of ${countOf(num(row?.['unknown_keys']), 'value')} of ${column.name} that ${to.table}.${key.name} does not have. An inner join drops them silently.`,
        advice: `Find out whether rows of ${to.table} were deleted or never loaded, and declare the foreign key.`,
        rows: broken,
        of: pointing,
        evidence: [evidence],
        check: `select count(*) from ${quoteTable(from.table)} a where ${missing}`,
      };
      return { facts: [fact], findings: broken > 0 ? [finding] : [] };
    },
  };
};

/** A row is hardly older than what it belongs to: an order before its customer signed up is worth a look. */
const timeOrder = ({ from, column, to, key }: Reference): readonly Check[] => {
  const [later, earlier] = [timeColumns(from)[0], timeColumns(to)[0]];
  if (later === undefined || earlier === undefined || from === to) return [];
  return [
    {
      about: `${from.table}.${later.name} against ${to.table}.${earlier.name}`,
      sql:
        `select count(*) as n, count(*) filter (where a.t < b.t) as before from (select ${quoteName(column.name)} as key, ${asTime(later.name)} as t from ${quoteTable(from.table)}) a ` +
        `join (select ${quoteName(key.name)} as key, min(${asTime(earlier.name)}) as t from ${quoteTable(to.table)} group by 1) b on b.key = a.key where a.t is not null and b.t is not null`,
      read: (rows, evidence) => {
        const [n, before] = [num(rows[0]?.['n']), num(rows[0]?.['before'])];
        if (before === 0 || before > 0.1 * n) return {};
        return {
          findings: [
            {
              severity: 'medium',
              table: from.table,
              column: later.name,
              kind: 'before_its_parent',
              title: `${later.name} is before ${to.table}.${earlier.name}`,
              detail: `${countOf(before, 'row')} of ${n.toLocaleString('en-US')} have ${later.name} before the ${earlier.name} of the row of ${to.table} that they belong to.`,
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
