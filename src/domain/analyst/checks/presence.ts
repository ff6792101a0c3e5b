import type { DigestColumn, DigestTable } from '../../profile-digest.ts';
import { categoryColumns } from '../column-roles.ts';
import { type Check, type Fact, type Finding, countOf, num, percent, verb } from '../finding.ts';
import type { CheckSql } from '../../engines/check-sql.ts';

/** Asks where values are missing: all over, in one part of the table, or just where a state of the row explains it. */
export const presenceChecks = (table: DigestTable, sql: CheckSql): readonly Check[] => {
  const columns = table.columns
    .filter(({ nulls }) => nulls !== undefined && (nulls.count > 0 || nulls.basis === 'planner') && nulls.share < 1)
    .slice(0, 20);
  const groups = categoryColumns(table, 40).slice(0, 4);
  if (columns.length === 0) return [];
  const counts = columns.map(({ name }, index) => `count(*) - count(${sql.name(name)}) as m${index}`).join(', ');
  return [
    {
      about: `${table.table}: where values are missing`,
      sql: [
        `select null as part, null as value, count(*) as n, ${counts} from ${sql.table(table.table)}`,
        ...groups.map(
          (group) =>
            `select ${sql.text(group.name)}, min(${sql.asText(group)}), count(*), ${counts} from ${sql.table(table.table)} group by ${sql.exactly(group)}`,
        ),
      ].join('\nunion all\n'),
      read: (rows, evidence) => {
        const read = columns.map((column, index) => {
          const parts = rows.map((row): Part => ({
            group: row['part'] ?? undefined,
            value: row['value'] ?? undefined,
            n: num(row['n']),
            missing: num(row[`m${index}`]),
          }));
          return readColumn(table, column, parts, evidence, sql);
        });
        return { findings: read.flatMap(({ findings }) => findings), facts: read.flatMap(({ facts }) => facts) };
      },
    },
  ];
};

/** The rows of one value of a group, or all rows where there is no group. */
type Part = {
  readonly group: string | undefined;
  readonly value: string | undefined;
  readonly n: number;
  readonly missing: number;
};
type NamedPart = Part & { readonly group: string; readonly value: string };

const readColumn = (
  table: DigestTable,
  column: DigestColumn,
  counted: readonly Part[],
  evidence: string,
  sql: CheckSql,
): { readonly findings: readonly Finding[]; readonly facts: readonly Fact[] } => {
  const { n, missing } = counted.find(({ group }) => group === undefined) ?? { n: 0, missing: 0 };
  if (missing === 0) return { findings: [], facts: [] };
  // Where a column is missing says nothing of where it is missing.
  const parts = counted.filter(
    (part): part is NamedPart => part.group !== undefined && part.group !== column.name && part.value !== undefined,
  );
  const about = { table: table.table, column: column.name, evidence: [evidence] };

  const rule = statesThatExplain(parts, missing);
  if (rule !== undefined) {
    const exceptions = rule.parts.reduce((sum, part) => sum + Math.min(part.missing, part.n - part.missing), 0);
    const states = listOf(
      rule.parts
        .filter((part) => part.missing > part.n / 2)
        .toSorted((a, b) => b.missing - a.missing)
        .map(({ value }) => value),
    );
    const fact: Fact = {
      table: table.table,
      text: `${column.name} is missing where ${rule.group} is ${states}: ${countOf(missing, 'row')}, which ${rule.group} explains.`,
      evidence: [evidence],
    };
    const finding: Finding = {
      ...about,
      severity: 'medium',
      kind: 'contradiction',
      title: `${column.name} contradicts ${rule.group}`,
      detail: `${column.name} is missing where ${rule.group} is ${states} and there elsewhere, but ${countOf(exceptions, 'row')} break this rule.`,
      advice: `Find out which of ${rule.group} and ${column.name} is wrong in them.`,
      rows: exceptions,
      of: n,
    };
    return { findings: exceptions > 0 ? [finding] : [], facts: [fact] };
  }

  const home = parts.find((part) => part.missing >= 0.95 * missing && part.n <= 0.6 * n && part.missing >= 10);
  const where =
    home === undefined
      ? ''
      : ` ${home.missing === missing ? 'All' : percent(home.missing, missing)} of them have ${home.group} = ${home.value.trim()}, which is ${percent(home.n, n)} of the rows.`;
  // What most rows do not have is optional, not lost.
  const isRare = missing > 0.5 * n && home === undefined;
  const finding: Finding = {
    ...about,
    // A text is often optional: a fax number, the second line of an address.
    severity: home !== undefined || (missing >= 0.2 * n && !isRare && column.kind !== 'text') ? 'medium' : 'low',
    kind: 'missing',
    title: isRare
      ? `${column.name} is rarely filled`
      : home === undefined
        ? `${column.name} is missing in places`
        : `${column.name} is missing in one part of the table`,
    detail: `${countOf(missing, 'row')} of ${n.toLocaleString('en-US')} (${percent(missing, n)}) ${verb(missing, 'has', 'have')} no ${column.name}.${where}`,
    advice:
      home === undefined
        ? 'Find out whether it may be empty, and declare it.'
        : `Look at what delivers ${home.group} = ${home.value.trim()}.`,
    rows: missing,
    of: n,
    ...(missing < 0.05 * n
      ? { check: `select count(*) from ${sql.table(table.table)} where ${sql.name(column.name)} is null` }
      : {}),
  };
  return { findings: [finding], facts: [] };
};

const listOf = (values: readonly string[]): string =>
  values.length <= 6 ? values.join(', ') : `${values.slice(0, 5).join(', ')} or one of ${values.length - 5} more`;

/** A category whose every value has the column nearly always or nearly never, with both kinds: the state explains what is missing. */
const statesThatExplain = (
  parts: readonly NamedPart[],
  missing: number,
): { readonly group: string; readonly parts: readonly NamedPart[] } | undefined => {
  const groups = [...new Set(parts.map(({ group }) => group))].map((group) => ({
    group,
    parts: parts.filter((part) => part.group === group && part.n >= 5),
  }));
  return groups.find(
    ({ parts: own }) =>
      own.every((part) => part.missing <= 0.05 * part.n || part.missing >= 0.95 * part.n) &&
      own.some((part) => part.missing <= 0.05 * part.n) &&
      own.reduce((sum, part) => sum + (part.missing >= 0.95 * part.n ? part.missing : 0), 0) >= 0.8 * missing,
  );
};
