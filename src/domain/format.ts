/** Figures as people read them. All take plain numbers, none fails on NaN or infinity. */

/** A format that is made when it is first used: the first one takes 10 ms, which a function that formats nothing does not wait for. */
const numberFormat = (options: Intl.NumberFormatOptions): ((value: number) => string) => {
  let format: Intl.NumberFormat | undefined;
  return (value) => (format ??= new Intl.NumberFormat('en-US', options)).format(value);
};

const grouped = numberFormat({ maximumFractionDigits: 0 });
// Four digits stay together, because so many of them are years.
const whole = numberFormat({ maximumFractionDigits: 1, useGrouping: 'min2' });
const fraction = numberFormat({ maximumSignificantDigits: 5, useGrouping: 'min2' });

/** A count: `13,526`. */
export const formatCount = (count: number): string => (Number.isFinite(count) ? grouped(count) : String(count));

/** A count with its word: `1 row`, `2,000 rows`. */
export const formatCountOf = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`;

/**
 * A measured number: whole ones in full, others to five significant digits (a report is no place for
 * `27.299999999999997`), very small and very large ones as `1.2 × 10⁻⁷`.
 */
export const formatNumber = (value: number): string => {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : minus('-∞');
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size >= 1e15 || size < 1e-4) return scientific(value);
  if (Number.isInteger(value) || size >= 10_000) return minus(whole(value));
  return minus(fraction(value));
};

/** An average of whole things, such as characters: to two decimals, `22.69`. */
export const formatMean = (mean: number): string => formatNumber(Number(mean.toFixed(2)));

const scientific = (value: number): string => {
  const [digits = '', power = ''] = value.toExponential(3).split('e');
  const exponent = power.replace('+', '').replace(/[-0-9]/g, (sign) => superscripts['-0123456789'.indexOf(sign)] ?? '');
  return minus(`${Number(digits)} × 10${exponent}`);
};

const superscripts = '⁻⁰¹²³⁴⁵⁶⁷⁸⁹';

const minus = (text: string): string => text.replace('-', '−');

/** A share between 0 and 1: `0%`, `<0.1%`, `3.4%`, `98%`, `>99.9%`, `100%`. Only none is 0%, only all is 100%. */
export const formatShare = (share: number): string => {
  if (!Number.isFinite(share)) return '–';
  if (share === 0 || share === 1) return `${share * 100}%`;
  if (share > 0 && share < 0.001) return '<0.1%';
  if (share > 0.999 && share < 1) return '>99.9%';
  return minus(`${Number((share * 100).toFixed(share >= 0.1 && share <= 0.99 ? 0 : 1))}%`);
};

/** A size in units of 1,000: `512 B`, `1.4 MB`. */
export const formatBytes = (bytes: number): string => {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  const power = bytes < 1_000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const scaled = bytes / 1_000 ** power;
  return `${power === 0 || scaled >= 100 ? formatCount(scaled) : scaled.toFixed(1).replace(/\.0$/, '')} ${units[power]}`;
};

/** A duration in its two largest units: `0.4 ms`, `850 ms`, `12.3 s`, `4 min 12 s`, `2 h 5 min`, `3 d 4 h`, `400 d`. */
export const formatDuration = (milliseconds: number): string => {
  if (milliseconds < 0) return `−${formatDuration(-milliseconds)}`;
  if (milliseconds < 10) return `${Number(milliseconds.toFixed(1))} ms`;
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${Number((milliseconds / 1_000).toFixed(1))} s`;
  const seconds = Math.round(milliseconds / 1_000);
  const [minutes, hours, days] = [Math.floor(seconds / 60), Math.floor(seconds / 3_600), Math.floor(seconds / 86_400)];
  if (hours === 0) return two(minutes, 'min', seconds % 60, 's');
  if (days === 0) return two(hours, 'h', minutes % 60, 'min');
  return days < 10 ? two(days, 'd', hours % 24, 'h') : `${formatCount(days)} d`;
};

const two = (large: number, largeUnit: string, small: number, smallUnit: string): string =>
  small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;

/** US dollars: cents from one dollar up, four decimals below: `$0.0312`, `$12.40`. */
export const formatDollars = (dollars: number): string =>
  dollars === 0 ? '$0' : `$${dollars.toFixed(dollars < 1 ? 4 : 2)}`;

const months = 'January February March April May June July August September October November December'.split(' ');

/** A UTC timestamp: `31 January 2026, 12:00 UTC`. What is none stays as it is. */
export const formatMoment = (timestamp: string): string => {
  const [, year, month, day, clock] = /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d).*Z$/.exec(timestamp) ?? [];
  const name = months[Number(month) - 1];
  return name === undefined ? timestamp : `${Number(day)} ${name} ${year}, ${clock} UTC`;
};
