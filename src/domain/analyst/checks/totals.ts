import type { DigestColumn, DigestTable } from '../../profile-digest.ts';
import { measuredColumns } from '../column-roles.ts';
import { type Check, countOf, num, percent } from '../finding.ts';
import { asNumber, isOrdinary } from '../sql.ts';
import { quoteName, quoteTable } from '../../sql-name.ts';

/** Above so many rows, the first ones are looked at. */
const mostRows = 1_000_000;

/** Looks for columns that are the product or the sum of two others in nearly all rows: where they are not, something is wrong. */
export const totalChecks = (table: DigestTable): readonly Check[] => {
  const columns = measuredColumns(table)
    .filter(({ distinct, range }) => (distinct?.count ?? 0) > 3 && range?.min !== range?.max)
    .slice(0, 6);
  const rules = columns.flatMap((c) => rulesFor(columns, c));
  if (rules.length === 0) return [];
  return [
    {
      about: `${table.table}: columns computed from others`,
      sql: [
        `select count(*) as n, ${rules.map(({ holds, c }, index) => `count(*) filter (where ${holds}) as r${index}, count(*) filter (where ${isOrdinary(c.name)}) as n${index}`).join(',\n  ')}`,
        `from (select ${columns.map(({ name }) => quoteName(name)).join(', ')} from ${quoteTable(table.table)} limit ${mostRows})`,
      ].join('\n'),
      read: (rows, evidence) => {
        const best = rules
          .map((rule, index) => ({ ...rule, holding: num(rows[0]?.[`r${index}`]), of: num(rows[0]?.[`n${index}`]) }))
          .filter(({ holding, of }) => of >= 20 && holding >= 0.9 * of)
          // Of several rules for one column, the one that holds most often.
          .toSorted((x, y) => y.holding - x.holding)
          .filter((rule, index, all) => all.findIndex(({ c }) => c === rule.c) === index)
          // A total is computed from its parts, not a part from the total: one rule for three columns is enough.
          .filter((rule, index, all) => all.findIndex((other) => sameColumns(other, rule)) === index);
        return {
          facts: best.map(({ text, holding, of }) => ({
            table: table.table,
            text: `${text} holds in ${percent(holding, of)} of ${countOf(of, 'row')}.`,
            evidence: [evidence],
          })),
          findings: best
            .filter(({ holding, of }) => holding < of)
            .map(({ text, holds, c, holding, of }) => ({
              severity: 'high' as const,
              table: table.table,
              column: c.name,
              kind: 'wrong_total' as const,
              title: `${c.name} does not add up`,
              detail: `${text} holds in nearly all rows, but not in ${countOf(of - holding, 'row')} of ${of.toLocaleString('en-US')} (${percent(of - holding, of)}).`,
              advice: 'Find out which of the columns is wrong in them before summing any.',
              rows: of - holding,
              of,
              evidence: [evidence],
              check: `select count(*) from ${quoteTable(table.table)} where not (${holds})`,
            })),
        };
      },
    },
  ];
};

type Rule = {
  readonly c: DigestColumn;
  readonly parts: readonly DigestColumn[];
  readonly text: string;
  readonly holds: string;
};

const rulesFor = (columns: readonly DigestColumn[], c: DigestColumn): readonly Rule[] => {
  const others = columns.filter((column) => column !== c);
  return others.flatMap((a, index) =>
    others.slice(index + 1).flatMap((b) => [
      {
        c,
        parts: [a, b],
        text: `${c.name} = ${a.name} × ${b.name}`,
        holds: equals(c, `${asNumber(a.name)} * ${asNumber(b.name)}`),
      },
      {
        c,
        parts: [a, b],
        text: `${c.name} = ${a.name} + ${b.name}`,
        holds: equals(c, `${asNumber(a.name)} + ${asNumber(b.name)}`),
      },
    ]),
  );
};

/** Equal but for rounding to the cent. */
const equals = (c: DigestColumn, computed: string): string =>
  `abs(${computed} - ${asNumber(c.name)}) <= 0.011 + 1e-9 * abs(${asNumber(c.name)})`;

const sameColumns = (x: Rule, y: Rule): boolean =>
  [x.c, ...x.parts].every((column) => [y.c, ...y.parts].includes(column));
