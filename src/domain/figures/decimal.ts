/** A number as it is written, to its last digit: so many units of 10^−scale. */
export type Decimal = { readonly units: bigint; readonly scale: number };

/** More digits than any engine writes of a number: 131,072 before the point and 16,383 behind. */
const maxDigits = 150_000;

/** Reads a number in plain or scientific notation; undefined of what is none, such as NaN. */
export const readDecimal = (text: string | undefined): Decimal | undefined => {
  const [, sign = '', whole = '', fraction = '', power = '0'] =
    /^([-+]?)(\d*)(?:\.(\d*))?(?:e([-+]?\d+))?$/i.exec(text ?? '') ?? [];
  const digits = whole + fraction;
  if (digits === '' || Math.abs(Number(power)) + digits.length > maxDigits) return undefined;
  const units = BigInt(`${sign === '-' ? '-' : ''}${digits}`);
  return atLeastWhole({ units, scale: fraction.length - Number(power) });
};

const atLeastWhole = ({ units, scale }: Decimal): Decimal =>
  scale < 0 ? { units: units * 10n ** BigInt(-scale), scale: 0 } : { units, scale };

/** The units of two numbers at one scale. */
const aligned = (a: Decimal, b: Decimal): readonly [a: bigint, b: bigint, scale: number] => {
  const scale = Math.max(a.scale, b.scale);
  return [a.units * 10n ** BigInt(scale - a.scale), b.units * 10n ** BigInt(scale - b.scale), scale];
};

/** The sum, exactly. */
export const plus = (a: Decimal, b: Decimal): Decimal => {
  const [x, y, scale] = aligned(a, b);
  return { units: x + y, scale };
};

/** The difference, exactly. */
export const minus = (a: Decimal, b: Decimal): Decimal => plus(a, { ...b, units: -b.units });

/** So many hundredths of a number, exactly. */
export const hundredths = ({ units, scale }: Decimal, count: number): Decimal => ({
  units: units * BigInt(count),
  scale: scale + 2,
});

/** Negative, zero or positive as the first is less than, equal to or greater than the second. */
export const compareDecimals = (a: Decimal, b: Decimal): number => {
  const [x, y] = aligned(a, b);
  return x < y ? -1 : Number(x > y);
};

/** Without its sign. */
export const magnitude = ({ units, scale }: Decimal): Decimal => ({ units: units < 0n ? -units : units, scale });

/** In plain notation, without zeros at the end of a fraction. */
export const writeDecimal = ({ units, scale }: Decimal): string => {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
  const fraction = scale === 0 ? '' : digits.slice(-scale).replace(/0+$/, '');
  const whole = scale === 0 ? digits : digits.slice(0, -scale);
  return `${units < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
};

/** How many digits it has, without zeros at either end. */
export const digitsOf = (value: Decimal): number =>
  writeDecimal(magnitude(value))
    .replace('.', '')
    .replace(/^0+|0+$/g, '').length;
