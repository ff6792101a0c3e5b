import type { DigestTable } from '../../profile-digest.ts';
import { filled, proseColumns, shapeCount } from '../column-roles.ts';
import { type Check, type Finding, type PersonalData, countOf, num } from '../finding.ts';
import { personalKind } from '../personal-kind.ts';
import type { CheckSql } from '../../engines/check-sql.ts';
import { countIf } from '../sql.ts';

/** Columns that hold personal data by the form of their values or by their name. */
export const personalColumns = (table: DigestTable): readonly PersonalData[] =>
  table.columns.flatMap((column) => {
    const of = filled(table, column);
    const about = { table: table.table, column: column.name, of, evidence: table.statements.slice(0, 1) };
    const looked = column.shapes?.values ?? 0;
    const shaped = shapes
      .map(([shape, kind, least]) => ({ kind, seen: shapeCount(column, shape), least }))
      .filter(({ seen, least }) => seen >= 5 && seen >= least * looked)
      // A sample is scaled up to the rows it stands for.
      .map(({ kind, seen }) => ({ ...about, kind, rows: Math.round((seen / looked) * of) }));
    const named = personalKind(column);
    if (named === undefined || of === 0) return shaped;
    // The name says what the values are, even those that are written in another form; their form, how many are well-formed.
    const wellFormed = shaped.find(({ kind, rows }) => kind === named && rows >= 0.5 * of);
    return [wellFormed ?? { ...about, kind: named, rows: of }];
  });

/** Forms of values, what they are, and the share of values that must have it: some postal codes look like telephone numbers. */
const shapes = [
  ['email', 'e-mail address', 0.05],
  ['phone', 'telephone number', 0.2],
  ['card', 'payment card number', 0.05],
  ['ip_address', 'network address', 0.05],
] as const;

/** In what every engine's regular expressions have in common. */
export const personalPatterns = {
  email: '[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+([.][A-Za-z0-9-]+)*[.][A-Za-z]{2,}',
  card: '(^|[^0-9])([0-9]{4}[ -]?){3}[0-9]{1,7}([^0-9]|$)',
  phone: '(^|[^0-9])([+]|00)[1-9][0-9 ()/.-]{7,17}[0-9]',
  iban: '(^|[^A-Z0-9])[A-Z]{2}[0-9]{2} ?([A-Z0-9]{4} ?){3,7}[A-Z0-9]{1,4}([^A-Z0-9]|$)',
} as const;
type PatternKind = keyof typeof personalPatterns;

const kinds: Readonly<Record<PatternKind, string>> = {
  email: 'e-mail address',
  card: 'payment card number',
  phone: 'telephone number',
  iban: 'bank account number',
};
const kindNames = Object.keys(kinds) as readonly PatternKind[];

/** Looks for personal data in the midst of what people write. */
export const proseChecks = (table: DigestTable, sql: CheckSql): readonly Check[] => {
  const columns = proseColumns(table).slice(0, 8);
  if (columns.length === 0) return [];
  return [
    {
      about: `${table.table}: personal data in free text`,
      sql: [
        `select ${columns.map((_, index) => `count(x${index}) as n${index}, ${kindNames.map((kind) => `${countIf(sql.matches(`x${index}`, personalPatterns[kind]))} as ${kind}${index}`).join(', ')}`).join(',\n  ')}`,
        `from (select ${columns.map((column, index) => `${sql.asText(column)} as x${index}`).join(', ')} from ${sql.table(table.table)}) texts`,
      ].join('\n'),
      read: ([row], evidence) => {
        const found = columns.flatMap(({ name }, index) =>
          kindNames
            .map((kind) => ({
              table: table.table,
              column: name,
              key: kind,
              kind: kinds[kind],
              rows: num(row?.[`${kind}${index}`]),
              of: num(row?.[`n${index}`]),
              evidence: [evidence],
            }))
            .filter((hit) => hit.rows > 0),
        );
        return {
          findings: found.map((hit) => toFinding(hit, sql)),
          personal: found.map(({ key, ...hit }) => ({ ...hit, kind: `${kinds[key]} in free text` })),
        };
      },
    },
  ];
};

const toFinding = (hit: PersonalData & { readonly key: PatternKind }, sql: CheckSql): Finding => ({
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
  check: `select count(*) from ${sql.table(hit.table)} where ${sql.matches(sql.name(hit.column), personalPatterns[hit.key])}`,
});
