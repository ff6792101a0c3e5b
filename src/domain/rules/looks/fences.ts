import type { Measure } from '../../../contracts/profile.ts';
import { number } from '../../engines/sql-parts.ts';
import { type Decimal, minus, plus, readDecimal, writeDecimal } from '../../figures/decimal.ts';
import type { RuleColumn, RuleTable } from '../rule-table.ts';

/** Where a column’s ordinary values end, and where those end that a long tail may reach. */
export type Fences = {
  readonly low: Measure;
  readonly high: Measure;
  readonly farLow: Measure;
  readonly farHigh: Measure;
};

/** The fences lie three interquartile ranges from the quartiles, so seven apart; the far ones so many ranges further out. */
export const fencesOf = ({ outliers }: RuleColumn, ranges: number): Fences => {
  const { low_fence: low, high_fence: high } = outliers ?? { low_fence: 0, high_fence: 0 };
  if (typeof low === 'number' && typeof high === 'number') {
    const beyond = (ranges * (high - low)) / 7;
    return { low, high, farLow: low - beyond, farHigh: high + beyond };
  }
  const [lower, upper] = [decimalOf(low), decimalOf(high)];
  const apart = minus(upper, lower);
  const beyond = { units: (apart.units * BigInt(ranges) * 1_000_000n) / 7n, scale: apart.scale + 6 };
  return {
    low: writeDecimal(lower),
    high: writeDecimal(upper),
    farLow: writeDecimal(minus(lower, beyond)),
    farHigh: writeDecimal(plus(upper, beyond)),
  };
};

const decimalOf = (value: Measure): Decimal => readDecimal(String(value)) ?? { units: 0n, scale: 0 };

/** Whether the fences have more digits than a double, so that values are compared with them in their own type. */
export const areWide = ({ low }: Fences): boolean => typeof low === 'string';

/** A column’s value as it is compared with fences. */
export const comparedValue = ({ sql }: Pick<RuleTable, 'sql'>, column: RuleColumn, fences: Fences): string =>
  areWide(fences) ? sql.comparable(column) : sql.asNumber(column);

/** Whether a value lies below one limit or above the other, as SQL. */
export const isBeyond = (value: string, column: RuleColumn, low: Measure, high: Measure): string =>
  `${value} < ${limit(column, low, 'up')} or ${value} > ${limit(column, high, 'down')}`;

/**
 * A limit as a literal. With more digits behind the point than the column’s type has, it would be compared in a type that
 * may have no room for the values; so it is rounded towards them, which is the same to each of them.
 */
const limit = ({ type, base_type }: RuleColumn, value: Measure, towards: 'up' | 'down'): string => {
  if (typeof value === 'number') return number(value);
  const { units, scale } = decimalOf(value);
  const kept = scaleOf(base_type ?? type);
  if (kept === undefined || kept >= scale) return writeDecimal({ units, scale });
  const cut = 10n ** BigInt(scale - kept);
  const rest = ((units % cut) + cut) % cut;
  const down = (units - rest) / cut;
  return writeDecimal({ units: towards === 'up' && rest > 0n ? down + 1n : down, scale: kept });
};

/** The digits behind the point that a type has, where it says so. */
const scaleOf = (type: string): number | undefined => {
  if (/int/i.test(type)) return 0;
  const [, scale] = /^(?:decimal|numeric)\(\d+,\s*(\d+)\)/i.exec(type) ?? [];
  return scale === undefined ? undefined : Number(scale);
};

/** A single value as a literal. */
export const valueLiteral = (value: Measure): string =>
  typeof value === 'number' ? number(value) : writeDecimal(decimalOf(value));
