import { engineSql } from '../engines/registry.ts';
import { type WideColumn, wideStatements } from '../engines/wide-statements.ts';
import { compareDecimals, digitsOf, magnitude, minus, readDecimal } from '../figures/decimal.ts';
import type { ProfilePlan } from '../figures/profile-plan.ts';
import type { Figures } from '../figures/read-figures.ts';
import { safeDigits } from './show-value.ts';

/** Whole numbers from here on are not all doubles. */
const firstUnsafe = { units: 2n ** 53n, scale: 0 };

/** Values that lie so much further from zero than from each other lose digits where a double is made of them. */
const nearness = 1_000_000n;

/**
 * The columns of numbers that doubles lose digits of, as the range and the commonest values show it: what their figures
 * would be by doubles is worth nothing, so they are asked for again.
 */
export const wideColumns = (plan: ProfilePlan, figures: Figures): readonly WideColumn[] =>
  plan.schema.columns.flatMap((column, index) => {
    const { kindOf, wide } = engineSql[plan.engine].profileSql;
    if (kindOf(column) !== 'number' || !wide.isExact(column)) return [];
    const [min, max] = [readDecimal(figures.text(index, 'min')), readDecimal(figures.text(index, 'max'))];
    if (min === undefined || max === undefined) return [];
    const greatest = compareDecimals(magnitude(min), magnitude(max)) < 0 ? magnitude(max) : magnitude(min);
    const distance = minus(max, min);
    const tops = figures.groups(index, 'top').flatMap(({ value }) => readDecimal(value) ?? []);
    const isWide =
      [min, max, ...tops].some(
        (value) => digitsOf(value) > safeDigits && (wide.isWholeAlone !== true || value.scale === 0),
      ) ||
      compareDecimals(greatest, firstUnsafe) >= 0 ||
      (distance.units > 0n && compareDecimals(greatest, { ...distance, units: distance.units * nearness }) > 0);
    return isWide ? [{ column, index, spread: distance.units }] : [];
  });

/** The statements that measure those columns again; none of most tables. */
export const wideColumnStatements = (plan: ProfilePlan, figures: Figures): readonly string[] => {
  const { names, profileSql } = engineSql[plan.engine];
  return wideStatements(plan, wideColumns(plan, figures), profileSql.wide, names.quoteTable(plan.schema.name));
};
