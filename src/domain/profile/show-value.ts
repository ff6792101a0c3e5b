import type { ColumnKind, Measure, ShownValue } from '../../contracts/profile.ts';

/** More significant digits than these may be changed by a double. */
export const safeDigits = 15;

/** A value in its engine’s notation as a profile shows it: a number where no digit is lost, else as it is. */
export const showValue = (kind: ColumnKind, text: string): ShownValue => {
  if (kind === 'boolean') return text === 'true';
  return kind === 'number' ? showMeasure(text) : text;
};

/**
 * A number as a number where no digit of it is lost. Whole ones beyond 2^53 stay text even where a double holds them: among
 * their neighbours, of which it holds every second or hundredth, they would look rounded.
 */
export const showMeasure = (text: string): Measure => {
  const value = Number(text);
  if (/^-?\d+$/.test(text) && !Number.isSafeInteger(value)) return text;
  const [mantissa = ''] = text.split(/e/i);
  const digits = mantissa.replace(/[-+.]/g, '').replace(/^0+|0+$/g, '').length;
  return Number.isFinite(value) && (digits <= safeDigits || String(value) === text) ? value : text;
};
