import type { ColumnKind } from '../../../contracts/profile.ts';
import type { ColumnSchema } from '../../../contracts/schema.ts';

const wholes = /^(smallint|integer|bigint|int[248])$/;
const floats = /^(real|double precision|float[48])$/;
const decimals = /^(numeric|decimal|money)$/;
const days = /^date$/;
const moments = /^(timestamp( with(out)? time zone)?|timestamptz)$/;
const texts = /^(text|character varying|varchar|character|char|bpchar|"char"|name|(.+\.)?citext|enum)$/;
/** Compared and counted like any value, but neither text nor number. */
const others =
  /^(uuid|time( with(out)? time zone)?|timetz|interval.*|inet|cidr|macaddr8?|bit( varying)?|varbit|oid|pg_lsn|(int[48]|num|ts|tstz|date)range)$/;

const unmeasured =
  /^(jsonb?|jsonpath|bytea|xml|point|line|lseg|box|path|polygon|circle|tsvector|tsquery|(int[48]|num|ts|tstz|date)multirange|xid8?|[ct]id|reg[a-z]+|(int2|oid)vector|(txid|pg)_snapshot)$/;

/** The type that a column's values are made of, without what limits them: of `numeric(10,2)`, `numeric`. */
const plainType = ({ type, base_type }: ColumnSchema): string => (base_type ?? type).replace(/\(\d+(,-?\d+)?\)/, '');

/** What a PostgreSQL type holds; of a domain its base, of an enumeration text. */
export const columnKind = (column: ColumnSchema): ColumnKind => {
  const type = plainType(column);
  if (type === 'boolean' || type === 'bool') return 'boolean';
  if (wholes.test(type) || floats.test(type) || decimals.test(type)) return 'number';
  if (days.test(type) || moments.test(type)) return 'time';
  return texts.test(type) ? 'text' : 'other';
};

/** Whether a type such as `numeric(10,2)` says that its numbers fit into a double: 100 digits before the point, or behind. */
const isBounded = ({ type, base_type }: ColumnSchema): boolean => {
  const [, digits, scale] = /^(?:numeric|decimal)\((\d+)(?:,(-?\d+))?\)$/.exec(base_type ?? type) ?? [];
  return digits !== undefined && Number(digits) - Number(scale ?? 0) <= 100 && Number(scale ?? 0) <= 100;
};

/**
 * How numbers of the type must be handled: whole ones have no NaN, of bounded decimals NaN is the only one that is no
 * number, and other decimals may have more digits than a double.
 */
export const numberKind = (column: ColumnSchema): 'whole' | 'float' | 'bounded_decimal' | 'decimal' => {
  const type = plainType(column);
  if (wholes.test(type)) return 'whole';
  if (floats.test(type)) return 'float';
  return isBounded(column) ? 'bounded_decimal' : 'decimal';
};

/** Whether times of the type are days, which reach further than moments do. */
export const isDay = (column: ColumnSchema): boolean => days.test(plainType(column));

/** Whether moments of the type know their time zone. */
export const hasTimeZone = (column: ColumnSchema): boolean =>
  /^(timestamp with time zone|timestamptz)$/.test(plainType(column));

/** Whether it is text of which the letters' case counts for nothing, as an extension has it. */
export const isCitext = ({ type, base_type }: Pick<ColumnSchema, 'type' | 'base_type'>): boolean =>
  /^(.+\.)?citext$/.test(base_type ?? type);

/** Whether it is money, which is counted in a numeric. */
export const isMoney = (column: ColumnSchema): boolean => plainType(column) === 'money';

/** Whether values can be told apart and counted: not so arrays, JSON, bytes, rows, geometry and types never heard of. */
export const isCountable = (column: ColumnSchema): boolean =>
  columnKind(column) !== 'other' || others.test(plainType(column));

/** Whether a type is one that PostgreSQL brings, or an array of it: a cast of such a value calls nothing of the database's own. */
export const isBuiltInType = (type: string): boolean => {
  const element = type.replaceAll('[]', '').replace(/\([\d, -]+\)/, '');
  if (/citext$|^enum$/.test(element)) return false;
  return [/^bool(ean)?$/, wholes, floats, decimals, days, moments, texts, others, unmeasured].some((one) =>
    one.test(element),
  );
};

/** Whether a column's values, or those that its domain is made of, are of a type that PostgreSQL brings. */
export const isBuiltIn = ({ type, base_type }: Pick<ColumnSchema, 'type' | 'base_type'>): boolean =>
  isBuiltInType(base_type ?? type);
