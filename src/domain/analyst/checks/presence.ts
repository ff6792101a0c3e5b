import type { DigestColumn, DigestTable } from '../../profile-digest.ts';
import { categoryColumns } from '../column-roles.ts';
import { type Check, type Fact, type Finding, type Rows, countOf, num, percent } from '../finding.ts';
import { quoteName, quoteTable, quoteText } from '../../sql-name.ts';

/** Asks where values are missing: all over, in one part of the table, or just where a state of the row explains it. */
export const presenceChecks = (table: DigestTable): readonly Check[] => {
  const columns = table.columns
    .filter(({ nulls }) => nulls !== undefined && nulls.count > 0 && nulls.share < 1)
    .slice(0, 20);
  const groups = categoryColumns(table, 40).slice(0, 4);
  if (columns.length === 0) return [];
  const pairs = columns.flatMap((column) =>
    [undefined, ...groups.filter((group) => group.name !== column.name)].map((group) => ({ column, group })),
  );
  return [
    {
      about: `${table.table}: where values are missing`,
      sql: pairs.map(({ column, group }) => countPresent(table, column, group)).join('\nunion all\n'),
      read: (rows, evidence) => {
        const read = columns.map((column) =>
          readColumn(
            table,
            column,
            rows.filter((row) => row['column'] === column.name),
            evidence,
          ),
        );
        return { findings: read.flatMap(({ findings }) => findings), facts: read.flatMap(({ facts }) => facts) };
      },
    },
  ];
};

const countPresent = (table: DigestTable, column: DigestColumn, group: DigestColumn | undefined): string =>
  `select ${quoteText(column.name)} as "column", ${group === undefined ? 'null' : quoteText(group.name)} as "group", ` +
  `${group === undefined ? 'null' : `cast(${quoteName(group.name)} as varchar)`} as value, count(*) as n, count(${quoteName(column.name)}) as present ` +
  `from ${quoteTable(table.table)}${group === undefined ? '' : ` group by ${quoteName(group.name)}`}`;

type Part = { readonly group: string; readonly value: string; readonly n: number; readonly missing: number };

const readColumn = (
  table: DigestTable,
  column: DigestColumn,
  rows: Rows,
  evidence: string,
): { readonly findings: readonly Finding[]; readonly facts: readonly Fact[] } => {
  const all = rows.find((row) => row['group'] === null);
  const [n, missing] = [num(all?.['n']), num(all?.['n']) - num(all?.['present'])];
  if (all === undefined || missing === 0) return { findings: [], facts: [] };
  const parts = rows
    .filter((row) => row['group'] !== null && row['value'] !== null)
    .map((row): Part => ({
      group: row['group'] ?? '',
      value: row['value'] ?? '',
      n: num(row['n']),
      missing: num(row['n']) - num(row['present']),
    }));
  const about = { table: table.table, column: column.name, evidence: [evidence] };

  const rule = statesThatExplain(parts, missing);
  if (rule !== undefined) {
    const exceptions = rule.parts.reduce((sum, part) => sum + Math.min(part.missing, part.n - part.missing), 0);
    const states = rule.parts
      .filter((part) => part.missing > part.n / 2)
      .map(({ value }) => value)
      .join(', ');
    const fact: Fact = {
      table: table.table,
      text: `${column.name} is missing where ${rule.group} is ${states}: ${countOf(missing, 'row')}, which the state of the row explains.`,
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
    severity: home !== undefined || (missing >= 0.2 * n && !isRare) ? 'medium' : 'low',
    kind: 'missing',
    title: isRare
      ? `${column.name} is rarely filled`
      : home === undefined
        ? `${column.name} is missing in places`
        : `${column.name} is missing in one part of the table`,
    detail: `${countOf(missing, 'row')} of ${n.toLocaleString('en-US')} (${percent(missing, n)}) have no ${column.name}.${where}`,
    advice:
      home === undefined
        ? 'Find out whether it may be empty, and declare it.'
        : `Look at what delivers ${home.group} = ${home.value.trim()}.`,
    rows: missing,
    of: n,
    ...(missing < 0.05 * n
      ? { check: `select count(*) from ${quoteTable(table.table)} where ${quoteName(column.name)} is null` }
      : {}),
  };
  return { findings: [finding], facts: [] };
};

/** A category whose every value has the column nearly always or nearly never, with both kinds: the state explains what is missing. */
const statesThatExplain = (
  parts: readonly Part[],
  missing: number,
): { readonly group: string; readonly parts: readonly Part[] } | undefined => {
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
