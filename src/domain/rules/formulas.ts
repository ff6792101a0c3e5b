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
/** So many rows decide whether the others are tried: of 300 columns there are 27 million formulas. */
const firstRows = 40;

/** The formulas that hold in most of the first rows. */
export const likelyFormulas = (seen: FirstNumbers): readonly Formula[] => {
  const columns = seen.filter(({ column }) => (column.distinct?.count ?? 0) > 3);
  return columns.flatMap((c) => {
    const others = columns.filter((column) => column !== c);
    return others.flatMap((a, index) =>
      others
        .slice(index + 1)
        .flatMap((b) =>
          (['*', '+'] as const)
            .filter((sign) => holdsMostly(c.values, a.values, b.values, sign))
            .map((sign): Formula => ({ c: c.column, parts: [a.column, b.column], sign })),
        ),
    );
  });
};

const holdsMostly = (
  cs: readonly number[],
  as: readonly number[],
  bs: readonly number[],
  sign: Formula['sign'],
): boolean => {
  let [tried, failed] = [0, 0];
  for (const [index, c] of cs.entries()) {
    const [a, b] = [as[index] ?? Number.NaN, bs[index] ?? Number.NaN];
    const off = Math.abs((sign === '*' ? a * b : a + b) - c);
    if (!Number.isFinite(off)) continue;
    tried += 1;
    if (off > tolerance.absolute + tolerance.relative * Math.abs(c)) failed += 1;
    if (failed > (1 - minShare) * Math.max(firstRows, tried)) return false;
  }
  return tried >= 10 && failed <= (1 - minShare) * tried;
};
