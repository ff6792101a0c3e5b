import { expect } from 'vitest';
import { type MeasuredColumn, type Value, valuesOf, words } from './measured-table.ts';

/** Groups of figures by their names in a profile. */
type Figures = Readonly<Record<string, unknown>>;

/**
 * The figures of a column as plain arithmetic on its values has them, in the form of a profile. Nothing of the project is
 * used: what is wrong in its SQL and in its reading is not wrong here.
 */
export const expectedFigures = (column: MeasuredColumn, rows: number, now: number): Figures => {
  const values = valuesOf(column, rows).filter((value) => value !== null);
  const exact = { basis: 'exact' };
  const distinct = new Set(values).size;
  const common = {
    name: column.name,
    kind: column.kind,
    nulls: { ...exact, count: rows - values.length, share: rows === 0 ? 0 : close((rows - values.length) / rows) },
    distinct: { ...exact, count: distinct, share: values.length === 0 ? 0 : close(distinct / values.length) },
  };
  const signs = {
    signs: {
      ...exact,
      zero: count(values, (x) => Number(x) === 0),
      negative: count(values, (x) => Number(x) < 0),
      not_finite: 0,
    },
  };
  // Of no value nothing can be said, not even that all are positive.
  if (values.length === 0) return common;
  const top = { top_values: { ...exact, values: topValues(values, column.kind === 'number') } };
  switch (column.kind) {
    case 'number': {
      const numbers = values.map(Number).toSorted((a, b) => a - b);
      const at = (share: number): number => between(numbers, share);
      return {
        ...common,
        ...signs,
        ...top,
        ...rangeOf(numbers, (x) => x),
        moments: { ...exact, mean: close(mean(numbers)), deviation: close(deviation(numbers)) },
        quantiles: { ...exact, ...quantiles((share) => close(at(share))) },
        ...outliers(numbers, at(0.25), at(0.75)),
        ...histogram(numbers, at(0.01), at(0.99), (x) => close(x)),
      };
    }
    case 'time': {
      const texts = values.map(String).toSorted();
      const seconds = texts.map(secondsOf);
      const at = (share: number): string => texts[Math.max(1, Math.ceil(share * texts.length)) - 1] ?? '';
      return {
        ...common,
        ...top,
        ...rangeOf(texts, (text) => text),
        quantiles: { ...exact, ...quantiles(at) },
        ...histogram(seconds, secondsOf(at(0.01)), secondsOf(at(0.99)), (x) => new Date(x * 1_000).toISOString()),
        freshness: {
          ...exact,
          newest: texts.at(-1),
          age_seconds: now - (seconds.at(-1) ?? 0),
          in_future: count(seconds, (x) => x > now),
        },
      };
    }
    case 'text': {
      const texts = values.map(String);
      const lengths = texts.map((text) => Array.from(text).length);
      const shown = texts.toSorted(byBytes).map((text) => text.slice(0, 200));
      return {
        ...common,
        ...top,
        ...rangeOf(shown, (text) => text),
        lengths: { ...exact, min: Math.min(...lengths), max: Math.max(...lengths), mean: close(mean(lengths)) },
        shapes: { ...exact, values: texts.length, ...shapes(texts) },
      };
    }
  }
};

const points = { p01: 0.01, p05: 0.05, p25: 0.25, p50: 0.5, p75: 0.75, p95: 0.95, p99: 0.99 };
const shapeNames = ['email', 'phone', 'card', 'ip_address', 'uuid', 'url', 'number', 'time', 'blank', 'padded'];

/** A number to nine digits. */
const close = (value: number): unknown =>
  Number.isInteger(value) ? value : expect.closeTo(value, 8 - Math.ceil(Math.log10(Math.abs(value) + 1)));
const count = <T>(values: readonly T[], holds: (value: T) => boolean): number => values.filter(holds).length;
const mean = (numbers: readonly number[]): number => numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
const deviation = (numbers: readonly number[]): number => {
  const middle = mean(numbers);
  const squares = numbers.reduce((sum, x) => sum + (x - middle) ** 2, 0);
  return numbers.length < 2 ? 0 : Math.sqrt(squares / (numbers.length - 1));
};
const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
const secondsOf = (text: string): number =>
  Date.parse(`${text.replace(' ', 'T')}${text.length > 10 ? 'Z' : ''}`) / 1_000;

const rangeOf = <T>(sorted: readonly T[], show: (value: T) => unknown): Figures => {
  const [min, max] = [sorted[0], sorted.at(-1)];
  return {
    range: { basis: 'exact', min: min === undefined ? min : show(min), max: max === undefined ? max : show(max) },
  };
};

const between = (sorted: readonly number[], share: number): number => {
  const place = share * (sorted.length - 1);
  const [low = 0, high = low] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return low + (high - low) * (place - Math.floor(place));
};

const quantiles = (at: (share: number) => unknown): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(points).map(([name, share]) => [name, at(share)]));

const outliers = (numbers: readonly number[], p25: number, p75: number): Figures => {
  if (p25 >= p75) return {};
  const [low, high] = [p25 - 3 * (p75 - p25), p75 + 3 * (p75 - p25)];
  const beyond = { below: count(numbers, (x) => x < low), above: count(numbers, (x) => x > high) };
  return { outliers: { basis: 'exact', ...beyond, low_fence: close(low), high_fence: close(high) } };
};

const bars = 20;

/** Twenty bars over the middle 98 % where the tails are long, else over all; the outer ones reach to the ends. */
const histogram = (sorted: readonly number[], p01: number, p99: number, show: (edge: number) => unknown): Figures => {
  const [least = 0, greatest = 0] = [sorted[0], sorted.at(-1)];
  const hasTails = p01 < p99 && greatest - least > 2 * (p99 - p01);
  const [low, high] = hasTails ? [p01, p99] : [least, greatest];
  if (low >= high) return {};
  const edges = Array.from({ length: bars + 1 }, (_, at) => low + (at * (high - low)) / bars)
    .with(0, least)
    .with(-1, greatest);
  const barOf = (x: number): number => Math.min(bars - 1, Math.max(0, Math.floor((x - low) / ((high - low) / bars))));
  const bins = Array.from({ length: bars }, (_, bar) => ({
    from: show(edges[bar] ?? 0),
    to: show(edges[bar + 1] ?? 0),
    count: count(sorted, (x) => barOf(x) === bar),
  }));
  return { histogram: { basis: 'exact', bins } };
};

/** The ten most frequent ones; among equals, the least. */
const topValues = (values: readonly (number | bigint | string)[], isNumber: boolean): unknown => {
  const groups = [...Map.groupBy(values, (value) => value)].map(([value, all]) => ({ value, count: all.length }));
  const before = (a: Value, b: Value): number => (isNumber ? Number(a) - Number(b) : byBytes(String(a), String(b)));
  return groups
    .toSorted((a, b) => b.count - a.count || before(a.value, b.value))
    .slice(0, 10)
    .map(({ value, count: n }) => ({ value: isNumber ? close(Number(value)) : String(value).slice(0, 200), count: n }));
};

const shapes = (texts: readonly string[]): Readonly<Record<string, number>> => {
  const of = (text: string): readonly string[] => words[text] ?? (text.includes('@') ? ['email'] : []);
  return Object.fromEntries(shapeNames.map((shape) => [shape, count(texts, (text) => of(text).includes(shape))]));
};
