import { formatCount, formatCountOf } from '../format.ts';
import { countIf } from '../engines/sql-parts.ts';
import { aliasesOf } from './aliases.ts';
import { chunks } from './column-roles.ts';
import { type Formula, likelyFormulas, showFormula, tolerance } from './formulas.ts';
import type { FirstNumbers } from './looks/first-numbers.ts';
import type { Ask, Found, JudgingRule, Verdict } from './rule-card.ts';
import type { RuleColumn, RuleTable } from './rule-table.ts';
import { percent } from './say.ts';

const thresholds = {
  minShare: { value: 0.9, unit: 'of the rows', why: 'A formula that holds less often holds by chance.' },
  minRows: { value: 20, unit: 'rows', why: 'In fewer, any formula may hold by chance.' },
  maxRows: { value: 1_000_000, unit: 'rows', why: 'Of a larger table so many are looked at.' },
  cent: { value: tolerance.absolute, unit: 'of difference', why: 'Totals are rounded to the cent.' },
} as const;

/** Finds rows in which a column is not the product or the sum of two others, as it is in nearly all. */
export const wrongTotal: JudgingRule<FirstNumbers> = {
  id: 'wrong-total',
  says: 'A column is the product or the sum of two others in nearly all rows, but not in these.',
  severity: { high: 'always' },
  thresholds,
  needs: 'three columns of numbers that are no identifiers, of more than three different values each',
  judge: (seen, table) => ({ next: chunks(likelyFormulas(seen), 100).map((some) => howOften(table, some)) }),
};

type Counted = Formula & {
  readonly holding: number;
  readonly of: number;
  readonly examples: readonly (string | undefined)[];
};

const howOften = (table: RuleTable, formulas: readonly Formula[]): Ask => {
  const columns = [...new Set(formulas.flatMap(({ c, parts }) => [c, ...parts]))];
  const place = (column: RuleColumn): string => `c${columns.indexOf(column)}`;
  const answer = aliasesOf(formulas, (formula) => ({
    holding: countIf(holds(formula, place)),
    of: `count(${difference(formula, place)})`,
    // As numbers: which of the three is wrong, nobody knows; the one that is told of is shown.
    least: `min(case when not (${holds(formula, place)}) then ${place(formula.c)} end)`,
    most: `max(case when not (${holds(formula, place)}) then ${place(formula.c)} end)`,
  }));
  const numbers = columns.map((column) => `${multipliable(table.sql.asNumber(column))} as ${place(column)}`).join(', ');
  return {
    about: 'columns computed from others',
    sql: `select ${answer.list}\nfrom (select ${numbers} from ${table.from} limit ${thresholds.maxRows.value}) counted`,
    read: ([row]) =>
      judge(
        table,
        answer.read(row).map(([formula, cells]) => ({
          ...formula,
          holding: cells.number('holding'),
          of: cells.number('of'),
          examples: [cells.text('least'), cells.text('most')],
        })),
      ),
  };
};

const judge = (table: RuleTable, counted: readonly Counted[]): Verdict => {
  const best = counted
    .filter(({ holding, of }) => of >= thresholds.minRows.value && holding >= thresholds.minShare.value * of)
    // Of several formulas for one column, the one that holds most often.
    .toSorted((x, y) => y.holding - x.holding)
    .filter((formula, index, all) => all.findIndex(({ c }) => c === formula.c) === index)
    // A total is computed from its parts, not a part from the total: one formula for three columns is enough.
    .filter((formula, index, all) => all.findIndex((other) => areSame(other, formula)) === index);
  return {
    facts: best.map(
      (formula) =>
        `${showFormula(formula)} holds in ${percent(formula.holding, formula.of)} of ${formatCountOf(formula.of, 'row')}.`,
    ),
    findings: best
      .filter(({ holding, of }) => holding < of)
      .map((formula): Found => {
        const { c, parts, holding, of, examples } = formula;
        const rows = of - holding;
        return {
          severity: 'high',
          columns: [c.name, ...parts.map(({ name }) => name)],
          rows,
          of,
          examples,
          basis: table.rows.count > thresholds.maxRows.value ? 'sample' : 'exact',
          title: `${c.name} does not add up`,
          detail: `${showFormula(formula)} holds in nearly all rows, but not in ${formatCountOf(rows, 'row')} of ${formatCount(of)} (${percent(rows, of)}).`,
          advice: 'Find out which of the columns is wrong in them before summing any.',
          check: `select * from ${table.from} where not (${holds(formula, (column) => multipliable(table.sql.asNumber(column)))})`,
        };
      }),
  };
};

/** Products of what lies beyond leave the range of a double, which most engines answer with an error. */
const multipliable = (value: string): string =>
  `case when ${value} = 0 or abs(${value}) between 1e-100 and 1e100 then ${value} end`;

const difference = ({ c, parts, sign }: Formula, value: (column: RuleColumn) => string): string =>
  `${parts.map((part) => `(${value(part)})`).join(` ${sign} `)} - (${value(c)})`;

const holds = (formula: Formula, value: (column: RuleColumn) => string): string =>
  `abs(${difference(formula, value)}) <= ${tolerance.absolute} + ${tolerance.relative} * abs(${value(formula.c)})`;

const areSame = (x: Formula, y: Formula): boolean =>
  [x.c, ...x.parts].every((column) => [y.c, ...y.parts].includes(column));
