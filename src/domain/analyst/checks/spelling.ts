import type { DigestColumn, DigestTable } from '../../profile-digest.ts';
import { categoryColumns } from '../column-roles.ts';
import { type Check, type Finding, countOf, num, verb } from '../finding.ts';
import type { CheckSql } from '../../engines/check-sql.ts';

/** Reads the values of the columns that hold few of them, and looks for one thing under several spellings. */
export const spellingChecks = (table: DigestTable, sql: CheckSql): readonly Check[] => {
  const columns = categoryColumns(table).slice(0, 12);
  if (columns.length === 0) return [];
  const most = Math.max(20, Math.floor(360 / columns.length));
  return [
    {
      about: `${table.table}: one thing spelled in several ways`,
      sql: columns
        .map(
          (column) =>
            `(select ${sql.text(column.name)} as col, min(${sql.asText(column)}) as value, count(*) as n from ${sql.table(table.table)} where ${sql.name(column.name)} is not null group by ${sql.exactly(column)} order by 3 desc, 2 limit ${most})`,
        )
        .join('\nunion all\n'),
      read: (rows, evidence) => ({
        findings: columns.flatMap((column) => {
          const values = rows
            .filter((row) => row['col'] === column.name)
            .map((row): Value => ({ text: row['value'] ?? '', n: num(row['n']) }));
          return [...variants(table, column, values, evidence, sql), ...placeholders(table, column, values, evidence)];
        }),
      }),
    },
  ];
};

type Value = { readonly text: string; readonly n: number };

const variants = (
  table: DigestTable,
  column: DigestColumn,
  values: readonly Value[],
  evidence: string,
  sql: CheckSql,
): readonly Finding[] => {
  const groups = groupSpellings(values);
  if (groups.length === 0) return [];
  const rows = groups.reduce((sum, group) => sum + group.others.reduce((more, { n }) => more + n, 0), 0);
  const shown = groups
    .slice(0, 6)
    .map(
      ({ main, others }) =>
        `${show(main.text)} also as ${others.map(({ text, n }) => `${show(text)} (${n.toLocaleString('en-US')})`).join(', ')}`,
    );
  const more = groups.length > 6 ? ` and ${groups.length - 6} more` : '';
  return [
    {
      severity: 'medium',
      table: table.table,
      column: column.name,
      kind: 'spelling',
      title: `${column.name} spells one thing in several ways`,
      detail: `${countOf(rows, 'row')} ${verb(rows, 'holds', 'hold')} another spelling of a more frequent value: ${shown.join('; ')}${more}. Every grouping by ${column.name} splits them.`,
      advice: 'Map the spellings to one when loading, or reject what is not on the list.',
      rows,
      of: table.rows.count,
      evidence: [evidence],
      check: `select count(*) from ${sql.table(table.table)} where ${sql.exactly(column)} in (${groups
        .flatMap(({ others }) => others.map(({ text }) => sql.text(text)))
        .slice(0, 20)
        .join(', ')})`,
    },
  ];
};

const placeholders = (
  table: DigestTable,
  column: DigestColumn,
  values: readonly Value[],
  evidence: string,
): readonly Finding[] =>
  values
    .filter(({ text }) => /^\s*(n\/?a|none|null|nil|tbd|todo|test|undefined|nan|-+|\?+|\.+|x{2,})\s*$/i.test(text))
    .map(({ text, n }) => ({
      severity: 'low' as const,
      table: table.table,
      column: column.name,
      kind: 'word_for_nothing' as const,
      title: `${column.name} holds the word ${show(text)} for nothing`,
      detail: `${countOf(n, 'row')} ${verb(n, 'holds', 'hold')} ${show(text)} where NULL is meant.`,
      advice: 'Store NULL instead.',
      rows: n,
      of: table.rows.count,
      evidence: [evidence],
    }));

const show = (text: string): string => `“${text.replace(/^ +| +$/g, (spaces) => '␣'.repeat(spaces.length))}”`;

/** A value and the other ways in which it is spelled. */
export type SpellingGroup = { readonly main: Value; readonly others: readonly Value[] };

/**
 * Values that differ in case, white space and punctuation alone are one; so is a rare value one letter away from a
 * frequent one. A different digit makes a different thing: sensor-1 is not sensor-2.
 */
export const groupSpellings = (values: readonly Value[]): readonly SpellingGroup[] => {
  const byForm = new Map<string, Value[]>();
  for (const value of values) byForm.set(formOf(value.text), [...(byForm.get(formOf(value.text)) ?? []), value]);
  const forms = [...byForm]
    .filter(([form]) => form !== '')
    .map(([form, group]) => ({ form, group: group.toSorted((a, b) => b.n - a.n) }));
  const total = (group: readonly Value[]): number => group.reduce((sum, { n }) => sum + n, 0);
  const frequent = forms.toSorted((a, b) => total(b.group) - total(a.group));
  const home = new Map<string, string>();
  for (const { form, group } of frequent) {
    const target = frequent.find(
      (other) =>
        other.form !== form &&
        !home.has(other.form) &&
        total(group) * 20 <= total(other.group) &&
        isTypo(form, other.form),
    );
    if (target !== undefined) home.set(form, target.form);
  }
  return frequent.flatMap(({ form, group }): readonly SpellingGroup[] => {
    if (home.has(form)) return [];
    const typos = frequent.filter((other) => home.get(other.form) === form).flatMap((other) => other.group);
    const [main, ...rest] = group;
    const others = [...rest, ...typos];
    return main === undefined || others.length === 0 ? [] : [{ main, others }];
  });
};

const formOf = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');

const isTypo = (rare: string, frequent: string): boolean => {
  if (Math.min(rare.length, frequent.length) < 5) return false;
  const most = rare.length >= 9 ? 2 : 1;
  return (
    rare.replace(/\p{N}/gu, '') !== '' && digits(rare) === digits(frequent) && distance(rare, frequent, most) <= most
  );
};

const digits = (text: string): string => text.replace(/\P{N}/gu, '');

/** Letters to insert, drop, change or swap; anything above `most` counts as `most + 1`. */
const distance = (a: string, b: string, most: number): number => {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(
        Math.min(
          (last[j] ?? 0) + 1,
          (row[j - 1] ?? 0) + 1,
          (last[j - 1] ?? 0) + (same ? 0 : 1),
          swapped ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    [before, last] = [last, row];
  }
  return last[b.length] ?? most + 1;
};
