import type { ColumnType, NumberType, TimeType } from './column-type.ts';

/** What the profile’s SQL needs to know of an engine; the rest is SQL that all of them take. */
export type ProfileDialect = {
  quoteName(name: string): string;
  /** A table as a schema names it: `orders`, `sales.orders`. */
  quoteTable(name: string): string;
  columnType(type: string): ColumnType;
  /** The table reference of a random part of a table. */
  sampled(table: string, percent: number): string;
  readonly sampleMethod: string;
  asText(expression: string): string;
  /** The value, or NULL where it is NaN or infinite. */
  finite(expression: string, type: ColumnType): string;
  /** The value as a double whose square does not overflow, else NULL. */
  summable(expression: string, type: NumberType): string;
  countIf(condition: string): string;
  approximateDistinct(expression: string): string;
  /** Values at so many shares of the ordered rows, as one list. */
  quantiles(expression: string, shares: readonly number[]): string;
  element(list: string, position: number): string;
  length(expression: string): string;
  beginning(expression: string, characters: number): string;
  /** Whether a regular expression (RE2) matches somewhere. */
  matches(expression: string, pattern: string): string;
  /** The place on an axis as a double: the number; seconds since 1970 or midnight; days since 1970. */
  axis(expression: string, type: NumberType | TimeType): string;
  /** Seconds since 1970. */
  epoch(expression: string): string;
  /** A moment in UTC that columns of the calendar can be compared with. */
  moment(iso: string): string;
};
