import type { DigestColumn } from '../profile-digest.ts';

/**
 * What the engines write differently, so that each check is one statement for all of them. A column comes in any type its
 * kind allows: what cannot be a number or a moment (NaN stays, an infinite or a zero date does not) becomes NULL, never an
 * error that would cost the whole statement.
 */
export type Dialect = {
  /** A column, any name. */
  readonly name: (name: string) => string;
  /** A table, as a schema names it. */
  readonly table: (table: string) => string;
  /** A literal. */
  readonly text: (text: string) => string;
  /** A value as it is shown. */
  readonly asText: (column: DigestColumn) => string;
  /** A number as it can stand beside a number. */
  readonly comparable: (column: DigestColumn) => string;
  /** A number as a double. */
  readonly asNumber: (column: DigestColumn) => string;
  /** A time as seconds since 1970, as a double. */
  readonly asSeconds: (column: DigestColumn) => string;
  /** What is equal only where two values are the same to the last character, whatever the collation; of any type. */
  readonly exactly: (column: DigestColumn) => string;
  /** What is equal where the engine’s own joins find a key equal. */
  readonly asKey: (column: DigestColumn) => string;
  /** Whether a text holds something that a regular expression describes; case counts. No backslashes in the pattern. */
  readonly matches: (value: string, pattern: string) => string;
  /** Whether a number is NaN or infinite. */
  readonly isNotFinite: (column: DigestColumn) => string;
  /** A query of one row: the quartiles of a value as q1, q2 and q3. */
  readonly quartiles: (value: string, from: string) => string;
};
