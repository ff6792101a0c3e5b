import type { DigestTable } from '../../profile-digest.ts';
import { filled, proseColumns, shapeCount } from '../column-roles.ts';
import { type Check, type Finding, type PersonalData, countOf, num } from '../finding.ts';
import { personalKind } from '../personal-kind.ts';
import { quoteName, quoteTable, quoteText } from '../../sql-name.ts';

/** Columns that hold personal data by the form of their values or by their name. */
export const personalColumns = (table: DigestTable): readonly PersonalData[] =>
  table.columns.flatMap((column) => {
    const of = filled(table, column);
    const about = { table: table.table, column: column.name, of, evidence: table.statements.slice(0, 1) };
    const looked = column.shapes?.values ?? 0;
    const shaped = shapes
      .map(([shape, kind]) => ({ kind, seen: shapeCount(column, shape) }))
      .filter(({ seen }) => seen >= 5 && seen >= 0.05 * looked)
      // A sample is scaled up to the rows it stands for.
      .map(({ kind, seen }) => ({ ...about, kind, rows: looked === 0 ? 0 : Math.round((seen / looked) * of) }));
    const named = personalKind(column);
    return shaped.length > 0 || named === undefined || of === 0 ? shaped : [{ ...about, kind: named, rows: of }];
  });

const shapes = [
  ['email', 'e-mail address'],
  ['phone', 'telephone number'],
  ['card', 'payment card number'],
  ['ip_address', 'network address'],
] as const;

const patterns = {
  email: "regexp_matches(x, '[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*\\.[A-Za-z]{2,}')",
  card: "regexp_matches(x, '(^|[^0-9])([0-9]{4}[ -]?){3}[0-9]{1,7}([^0-9]|$)')",
  phone: "regexp_matches(x, '(^|[^0-9])(\\+|00)[1-9][0-9 ()/.-]{7,17}[0-9]')",
  iban: "regexp_matches(x, '(^|[^A-Z0-9])[A-Z]{2}[0-9]{2} ?([A-Z0-9]{4} ?){3,7}[A-Z0-9]{1,4}([^A-Z0-9]|$)')",
} as const;

const kinds = {
  email: 'e-mail address',
  card: 'payment card number',
  phone: 'telephone number',
  iban: 'bank account number',
} as const;

/** Looks for personal data in the midst of what people write. */
export const proseChecks = (table: DigestTable): readonly Check[] => {
  const columns = proseColumns(table).slice(0, 8);
  if (columns.length === 0) return [];
  return [
    {
      about: `${table.table}: personal data in free text`,
      sql: columns
        .map(
          ({ name }) =>
            `select ${quoteText(name)} as "column", count(*) as n, ${Object.entries(patterns)
              .map(([kind, test]) => `count(*) filter (where ${test}) as ${kind}`)
              .join(
                ', ',
              )} from (select ${quoteName(name)} as x from ${quoteTable(table.table)} where ${quoteName(name)} is not null)`,
        )
        .join('\nunion all\n'),
      read: (rows, evidence) => {
        const found = rows.flatMap((row) =>
          (Object.keys(kinds) as (keyof typeof kinds)[])
            .map((kind) => ({
              table: table.table,
              column: row['column'] ?? '',
              key: kind,
              kind: kinds[kind],
              rows: num(row[kind]),
              of: num(row['n']),
              evidence: [evidence],
            }))
            .filter((hit) => hit.rows > 0),
        );
        return {
          findings: found.map(toFinding),
          personal: found.map(({ key, ...hit }) => ({ ...hit, kind: `${kinds[key]} in free text` })),
        };
      },
    },
  ];
};

const toFinding = (hit: PersonalData & { readonly key: keyof typeof kinds }): Finding => ({
  severity: hit.key === 'card' || hit.key === 'iban' ? 'high' : 'medium',
  table: hit.table,
  column: hit.column,
  kind: 'personal_in_text',
  title: `${hit.column} holds ${hit.kind.replace(/address$/, 'addresses').replace(/number$/, 'numbers')} in free text`,
  detail: `In ${hit.rows.toLocaleString('en-US')} of ${countOf(hit.of, 'text')} stands what looks like a ${hit.kind}, amid other words, where no rule for personal data will look for it.`,
  advice:
    hit.key === 'card' || hit.key === 'iban'
      ? 'Remove them now, and mask such numbers where the text is entered.'
      : 'Mask them before the text goes to others, and keep such columns out of exports.',
  rows: hit.rows,
  of: hit.of,
  evidence: hit.evidence,
  check: `select count(*) from (select ${quoteName(hit.column)} as x from ${quoteTable(hit.table)}) where ${patterns[hit.key]}`,
});
