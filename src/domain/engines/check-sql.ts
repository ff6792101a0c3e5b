import type { ColumnKind } from '../../contracts/profile.ts';
import type { TextShape } from '../figures/text-shapes.ts';

/** A column as the SQL of checks needs to know it. */
export type CheckedColumn = {
  readonly name: string;
  readonly type: string;
  readonly base_type?: string | undefined;
  readonly kind: ColumnKind;
};

/**
 * What the engines write differently, so that each check is one statement for all of them. A column comes in any type its
 * kind allows: what cannot be a number or a moment (NaN stays, an infinite or a zero date does not) becomes NULL, never an
 * error that would cost the whole statement.
 */
export type CheckSql = {
  /** A column, any name. */
  readonly name: (name: string) => string;
  /** A table, as a schema names it. */
  readonly table: (table: string) => string;
  /** A literal. */
  readonly text: (text: string) => string;
  /** A value as it is shown. */
  readonly asText: (column: CheckedColumn) => string;
  /** A number as it can stand beside a number. */
  readonly comparable: (column: CheckedColumn) => string;
  /** A number as a double. */
  readonly asNumber: (column: CheckedColumn) => string;
  /** A time as seconds since 1970, as a double. */
  readonly asSeconds: (column: CheckedColumn) => string;
  /** The present, as seconds since 1970. */
  readonly now: string;
  /** What is equal only where two values are the same to the last character, whatever the collation; of any type. */
  readonly exactly: (column: CheckedColumn) => string;
  /** What is equal where the engine’s own joins find a key equal, to that of another column. */
  readonly asKey: (column: CheckedColumn, other: CheckedColumn | undefined) => string;
  /** Whether a text holds something that a regular expression describes; case counts. No backslashes in the pattern. */
  readonly matches: (value: string, pattern: string) => string;
  /** Whether a text looks like something, just as the profile counts it; NULL does not. */
  readonly hasShape: (column: CheckedColumn, shape: TextShape) => string;
  /** Whether what stands among numbers is NaN, infinite, or none. */
  readonly isNotFinite: (column: CheckedColumn) => string;
  /** A query of one row: the quartiles of a value as q1, q2 and q3. */
  readonly quartiles: (value: string, from: string) => string;
};
