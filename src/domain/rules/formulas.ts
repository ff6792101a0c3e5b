import type { FirstNumbers } from './looks/first-numbers.ts';
import type { RuleColumn } from './rule-table.ts';

/** A column that may be the product or the sum of two others. */
export type Formula = {
  readonly c: RuleColumn;
  readonly parts: readonly [RuleColumn, RuleColumn];
  readonly sign: '*' | '+';
};

/** A formula as people write it. */
export const showFormula = ({ c, parts: [a, b], sign }: Formula): string =>
  `${c.name} = ${a.name} ${sign === '*' ? '×' : '+'} ${b.name}`;

/** How far from it a value may be: rounding to the cent, and what a double cannot hold. */
export const tolerance = { absolute: 0.011, relative: 1e-9 } as const;

/** The part of the rows in which a formula must hold to be worth counting. */
const minShare = 0.6;
/** So many failures among the first rows end the trial: of 300 columns there are 27 million formulas, nearly all wrong. */
const maxFirstFailures = 6;
const firstRows = 12;

/** The formulas that hold in most of the first rows. */
export const likelyFormulas = (seen: FirstNumbers): readonly Formula[] => {
  const columns = seen
    // Of numbers of 19 digits, a sum with a small one is the number itself but for the tolerance.
    .filter(({ column, isOrderAlone }) => !isOrderAlone && (column.distinct?.count ?? 0) > 3)
    .map(({ column, values }) => ({ column, values: Float64Array.from(values) }));
  const found: Formula[] = [];
  for (const c of columns) {
    for (const [index, a] of columns.entries()) {
      if (a === c) continue;
      for (const b of columns.slice(index + 1)) {
        if (b === c) continue;
        const parts = [a.column, b.column] as const;
        if (holdsMostly(c.values, a.values, b.values, true)) found.push({ c: c.column, parts, sign: '*' });
        if (holdsMostly(c.values, a.values, b.values, false)) found.push({ c: c.column, parts, sign: '+' });
      }
    }
  }
  return found;
};

const holdsMostly = (cs: Float64Array, as: Float64Array, bs: Float64Array, isProduct: boolean): boolean => {
  let tried = 0;
  let failed = 0;
  for (let row = 0; row < cs.length; row += 1) {
    const c = cs[row] ?? Number.NaN;
    const a = as[row] ?? Number.NaN;
    const b = bs[row] ?? Number.NaN;
    const off = Math.abs((isProduct ? a * b : a + b) - c);
    if (Number.isNaN(off) || off === Number.POSITIVE_INFINITY) continue;
    tried += 1;
    if (off > tolerance.absolute + tolerance.relative * Math.abs(c)) failed += 1;
    if (failed > maxFirstFailures && failed > (1 - minShare) * Math.max(firstRows, tried)) return false;
  }
  return tried >= 10 && failed <= (1 - minShare) * tried;
};
