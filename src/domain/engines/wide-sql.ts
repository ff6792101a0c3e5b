import type { ColumnSchema } from '../../contracts/schema.ts';
import type { ProfilePlan } from '../figures/profile-plan.ts';

/**
 * How one engine writes what `wideStatements` needs: numbers of a type that keeps more digits than a double, of which a
 * double is made only once their least has been taken from them.
 */
export type WideSql = {
  /** Whether the column’s type keeps every digit, as whole numbers and decimals do. */
  readonly isExact: (column: ColumnSchema) => boolean;
  /** Whether in such a column whole numbers alone keep every digit, and what has a fraction is a double. */
  readonly isWholeAlone?: true;
  /** A column’s value in a type in which values can be compared and subtracted; NULL of what is no finite number. */
  readonly value: (column: ColumnSchema) => string;
  /**
   * How far a value lies above the least, as a double. `spread` counts the units of the last digit between the least and the
   * greatest: where the exact type has no room for it, doubles are subtracted, which then loses nothing that counts.
   */
  readonly above: (column: ColumnSchema, value: string, least: string, spread: bigint) => string;
  /** A number as text, no digit lost. */
  readonly asText: (number: string) => string;
  readonly lesser: 'least' | 'min';
  readonly greater: 'greatest' | 'max';
  /** The deviation of a double, n−1; `mean` is theirs. */
  readonly deviation: (value: string, mean: string) => string;
  /** What stands between a query’s name and its brackets, so that it is made once. */
  readonly kept: string;
  /** What the look at the source reads from: the rows of a small table, a draw of a large one’s. */
  readonly sourceOf: (plan: ProfilePlan) => string;
};
