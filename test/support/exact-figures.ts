/** A number of a test: so many units of 10^−scale. */
export type Exact = { readonly units: bigint; readonly scale: number };

/** Writes it in plain notation. */
export const writeExact = ({ units, scale }: Exact): string => {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
  const [whole, fraction] = [digits.slice(0, digits.length - scale), digits.slice(digits.length - scale)];
  return `${units < 0n ? '-' : ''}${whole}${scale === 0 ? '' : `.${fraction}`}`;
};

/** Reads what a profile shows, at a scale that is not smaller than its own. */
export const unitsOf = (shown: number | string | boolean | undefined, scale: number): bigint => {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(plain(shown)) ?? [];
  if (whole === '' || fraction.length > scale)
    throw new Error(`${shown} has more than ${scale} digits behind the point.`);
  return BigInt(`${sign}${whole}${fraction.padEnd(scale, '0')}`);
};

/** A number of the profile has 15 digits at most: written out where JavaScript writes a power. */
const plain = (shown: number | string | boolean | undefined): string => {
  const text = String(shown);
  const [, digits, power] = /^(.+)e-(\d+)$/.exec(text) ?? [];
  if (digits === undefined) return text;
  const places = Number(power) + (digits.split('.')[1]?.length ?? 0);
  return Number(text).toFixed(Math.min(100, places));
};

const sumOf = (values: readonly bigint[]): bigint => values.reduce((sum, value) => sum + value, 0n);

/** The whole part of a square root. */
const squareRoot = (value: bigint): bigint => {
  if (value < 2n) return value;
  let guess = 1n << BigInt(Math.ceil(value.toString(2).length / 2));
  for (;;) {
    const next = (guess + value / guess) >> 1n;
    if (next >= guess) return guess;
    guess = next;
  }
};

/** The deviation of the sample in units, from whole numbers alone: to 12 digits behind the point. */
export const deviationOf = (values: readonly bigint[]): number => {
  const n = BigInt(values.length);
  if (n < 2n) return 0;
  const sum = sumOf(values);
  const squares = sumOf(values.map((value) => (n * value - sum) ** 2n));
  return Number(squareRoot((squares * 10n ** 24n) / (n * n * (n - 1n)))) / 1e12;
};

/** A quantile between the ranks on either side, in hundredths of a unit. */
export const quantileOf = (values: readonly bigint[], percent: number): bigint => {
  const order = values.toSorted((a, b) => (a < b ? -1 : Number(a > b)));
  const place = percent * (order.length - 1);
  const [lower = 0n, upper = lower] = order.slice(Math.floor(place / 100));
  return lower * 100n + (upper - lower) * BigInt(place % 100);
};

/** Pearson's correlation of ranks in whole numbers: of twice the mean ranks, so that halves are whole. */
export const rankCorrelation = (xs: readonly bigint[], ys: readonly bigint[]): number => {
  const [as, bs] = [doubleRanks(xs), doubleRanks(ys)];
  const n = BigInt(as.length);
  const product = (a: readonly bigint[], b: readonly bigint[]): bigint =>
    n * sumOf(a.map((value, at) => value * (b[at] ?? 0n))) - sumOf(a) * sumOf(b);
  const spread = product(as, as) * product(bs, bs);
  return spread === 0n ? 0 : Number(product(as, bs)) / Number(squareRoot(spread * 10n ** 20n)) / 1e-10;
};

const doubleRanks = (values: readonly bigint[]): readonly bigint[] =>
  values.map((value) =>
    BigInt(values.filter((other) => other < value).length * 2 + values.filter((other) => other === value).length + 1),
  );
