import type { ColumnKind } from '../../../contracts/profile.ts';
import type { ColumnSchema } from '../../../contracts/schema.ts';

const numbers = /^(tinyint|smallint|mediumint|int|integer|bigint|decimal|numeric|float|double|real|year)$/;
const times = /^(date|datetime|timestamp)$/;
const texts = /^(char|varchar|tinytext|text|mediumtext|longtext|enum|set)$/;
/** Compared and counted like any value, but neither text nor number; the last three are MariaDB’s. */
const others = /^(time|bit|uuid|inet4|inet6)$/;

/** The type’s first word: of `int(10) unsigned`, `int`; of `enum('a','b')`, `enum`. */
const plainType = ({ type, base_type }: ColumnSchema): string =>
  /^[a-z0-9_]+/.exec((base_type ?? type).toLowerCase())?.[0] ?? '';

/** What a MySQL or MariaDB type holds; BOOLEAN is a number there, and holds any of a byte. */
export const columnKind = (column: ColumnSchema): ColumnKind => {
  const type = plainType(column);
  if (numbers.test(type)) return 'number';
  if (times.test(type)) return 'time';
  return texts.test(type) ? 'text' : 'other';
};

/** Whether values can be told apart and counted: not so JSON, bytes, geometry and types never heard of. */
export const isCountable = (column: ColumnSchema): boolean =>
  columnKind(column) !== 'other' || others.test(plainType(column));

/** Whether numbers of the type may be too great to be squared. */
export const isDouble = (column: ColumnSchema): boolean => /^(double|real)$/.test(plainType(column));

/** Whether numbers of the type keep all their digits. */
export const isExact = (column: ColumnSchema): boolean =>
  columnKind(column) === 'number' && !/^(float|double|real)$/.test(plainType(column));

/** Whether numbers of the type are whole, so that ranges of a key can be taken. */
export const isWhole = (column: ColumnSchema): boolean => /int/.test(plainType(column));

/** Whether times of the type are days. */
export const isDay = (column: ColumnSchema): boolean => plainType(column) === 'date';

/** Whether it is made of bits, which a driver would hand over as bytes. */
export const isBits = (column: ColumnSchema): boolean => plainType(column) === 'bit';
