import type { DigestColumn, DigestTable } from '../../profile-digest.ts';
import { measuredColumns } from '../column-roles.ts';
import { type Check, countOf, num, percent } from '../finding.ts';
import type { CheckSql } from '../../engines/check-sql.ts';
import { countIf } from '../sql.ts';

/** Above so many rows, the first ones are looked at. */
const mostRows = 1_000_000;

/** Looks for columns that are the product or the sum of two others in nearly all rows: where they are not, something is wrong. */
export const totalChecks = (table: DigestTable, sql: CheckSql): readonly Check[] => {
  const columns = measuredColumns(table)
    .filter(({ distinct, range }) => (distinct?.count ?? 0) > 3 && range?.min !== range?.max)
    .slice(0, 6);
  const rules = columns.flatMap((c) => rulesFor(columns, c));
  const place = (column: DigestColumn): string => `c${columns.indexOf(column)}`;
  if (rules.length === 0) return [];
  return [
    {
      about: `${table.table}: columns computed from others`,
      sql: [
        `select ${rules.map((rule, index) => `${countIf(holds(rule, place))} as r${index}, count(${place(rule.c)}) as n${index}`).join(',\n  ')}`,
        `from (select ${columns.map((column) => `${multipliable(sql.asNumber(column))} as ${place(column)}`).join(', ')} from ${sql.table(table.table)} limit ${mostRows}) counted`,
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
            .map(({ holding, of, ...rule }) => ({
              severity: 'high' as const,
              table: table.table,
              column: rule.c.name,
              kind: 'wrong_total' as const,
              title: `${rule.c.name} does not add up`,
              detail: `${rule.text} holds in nearly all rows, but not in ${countOf(of - holding, 'row')} of ${of.toLocaleString('en-US')} (${percent(of - holding, of)}).`,
              advice: 'Find out which of the columns is wrong in them before summing any.',
              rows: of - holding,
              of,
              evidence: [evidence],
              check: `select count(*) from ${sql.table(table.table)} where not (${holds(rule, sql.asNumber)})`,
            })),
        };
      },
    },
  ];
};

type Rule = {
  readonly c: DigestColumn;
  readonly parts: readonly DigestColumn[];
  readonly sign: '*' | '+';
  readonly text: string;
};

/** Products of what lies beyond leave the range of a double, which most engines answer with an error. */
const multipliable = (value: string): string =>
  `case when ${value} = 0 or abs(${value}) between 1e-100 and 1e100 then ${value} end`;

const rulesFor = (columns: readonly DigestColumn[], c: DigestColumn): readonly Rule[] => {
  const others = columns.filter((column) => column !== c);
  return others.flatMap((a, index) =>
    others.slice(index + 1).flatMap((b) => [
      { c, parts: [a, b], sign: '*', text: `${c.name} = ${a.name} × ${b.name}` },
      { c, parts: [a, b], sign: '+', text: `${c.name} = ${a.name} + ${b.name}` },
    ]),
  );
};

/** Equal but for rounding to the cent. */
const holds = ({ c, parts, sign }: Rule, value: (column: DigestColumn) => string): string =>
  `abs(${parts.map(value).join(` ${sign} `)} - ${value(c)}) <= 0.011 + 1e-9 * abs(${value(c)})`;

const sameColumns = (x: Rule, y: Rule): boolean =>
  [x.c, ...x.parts].every((column) => [y.c, ...y.parts].includes(column));
