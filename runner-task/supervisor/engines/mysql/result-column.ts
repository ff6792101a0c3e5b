import mysql, { type FieldPacket } from 'mysql2';
import type { ResultValue } from '../../../../src/contracts/sandbox.ts';

/** A column of a result: what the server calls its type, and how its values are read from what the server sent. */
export type ResultColumn = {
  readonly name: string;
  readonly type: string;
  readonly read: (value: Buffer) => ResultValue;
};

const { Types } = mysql;
const unsignedFlag = 0x20;
const enumFlag = 0x100;
const setFlag = 0x800;
/** The character set of what is no text. */
const binary = 63;
const noFixedScale = 31;

/** Invalid bytes become U+FFFD: a value that cannot be read is no reason for a result that cannot. */
const utf8 = (value: Buffer): string => value.toString('utf8');
const hex = (value: Buffer): string => `0x${value.toString('hex').toUpperCase()}`;
const float = (value: Buffer): ResultValue => Number(value.toString('latin1'));

/** A JSON number beyond 2^53 would lose digits. */
const whole = (value: bigint): ResultValue =>
  value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER ? Number(value) : String(value);
const integer = (value: Buffer): ResultValue => whole(BigInt(value.toString('latin1')));
const bits = (value: Buffer): ResultValue => whole(BigInt(`0x${value.toString('hex') || '0'}`));

const decimalType = (length: number, scale: number, unsigned: boolean): string => {
  // The length counts the sign and the point.
  const precision = length - (scale > 0 ? 1 : 0) - (unsigned ? 0 : 1);
  return scale === noFixedScale ? 'decimal' : `decimal(${precision},${scale})`;
};

/**
 * How the server sends a column in the text protocol: everything in its own notation, so that zero dates, times beyond
 * 24 hours and decimals need no reading, and arrive as any client of it shows them.
 */
export const resultColumn = (field: FieldPacket): ResultColumn => {
  const { name, decimals } = field;
  const flags = typeof field.flags === 'number' ? field.flags : 0;
  const unsigned = (flags & unsignedFlag) !== 0;
  const isBinary = field.characterSet === binary;
  const number = (type: string): ResultColumn => ({
    name,
    type: unsigned ? `${type} unsigned` : type,
    read: integer,
  });
  const text = (type: string): ResultColumn => ({ name, type, read: utf8 });
  const bytesOrText = (bytesType: string, textType: string): ResultColumn =>
    isBinary ? { name, type: bytesType, read: hex } : text(textType);

  if (field.extendedFormat === 'json') return text('json');
  // MariaDB's own types, such as uuid and inet6, which it sends as text.
  if (field.extendedTypeName !== undefined && field.columnType !== Types.GEOMETRY) {
    return bytesOrText(field.extendedTypeName, field.extendedTypeName);
  }
  switch (field.columnType) {
    case Types.TINY:
      return number('tinyint');
    case Types.SHORT:
      return number('smallint');
    case Types.INT24:
      return number('mediumint');
    case Types.LONG:
      return number('int');
    case Types.LONGLONG:
      return number('bigint');
    case Types.YEAR:
      return { name, type: 'year', read: integer };
    case Types.BIT:
      return { name, type: 'bit', read: bits };
    case Types.FLOAT:
      return { name, type: 'float', read: float };
    case Types.DOUBLE:
      return { name, type: 'double', read: float };
    case Types.DECIMAL:
    case Types.NEWDECIMAL:
      return text(decimalType(field.columnLength ?? 0, decimals, unsigned));
    case Types.DATE:
    case Types.NEWDATE:
      return text('date');
    case Types.TIME:
      return text('time');
    case Types.DATETIME:
      return text('datetime');
    case Types.TIMESTAMP:
      return text('timestamp');
    case Types.JSON:
      return text('json');
    case Types.NULL:
      return text('null');
    case Types.GEOMETRY:
      // The spatial reference in four bytes, then WKB; ST_AsText() shows it.
      return { name, type: field.extendedTypeName ?? 'geometry', read: hex };
    case Types.TINY_BLOB:
    case Types.BLOB:
    case Types.MEDIUM_BLOB:
    case Types.LONG_BLOB:
      return bytesOrText('blob', 'text');
    case Types.STRING:
      if ((flags & enumFlag) !== 0) return text('enum');
      if ((flags & setFlag) !== 0) return text('set');
      return bytesOrText('binary', 'char');
    default:
      // Also of types that are not known here.
      return bytesOrText('varbinary', 'varchar');
  }
};
