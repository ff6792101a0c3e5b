import type { ColumnKind, ShownValue } from '../../contracts/profile.ts';

/** More significant digits than these may be changed by a double. */
const safeDigits = 15;

/** A value in DuckDB’s notation as a profile shows it: a number where no digit is lost, else as it is. */
export const showValue = (kind: ColumnKind, text: string): ShownValue => {
  if (kind === 'boolean') return text === 'true';
  if (kind !== 'number') return text;
  const value = Number(text);
  const [mantissa = ''] = text.split(/e/i);
  const digits = mantissa.replace(/[-+.]/g, '').replace(/^0+|0+$/g, '').length;
  return Number.isFinite(value) && (digits <= safeDigits || String(value) === text) ? value : text;
};
