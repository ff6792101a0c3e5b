import { quoteName, quoteTable, quoteText } from '../sql-name.ts';
import { type Figure, distinctCount, passFigures, sampleFigures, topStatement } from './column-figures.ts';
import { columnKind, isCountable } from './column-kind.ts';
import type { Figures } from './read-figures.ts';
import { type NumberedColumn, type ProfilePlan, inParts } from './profile-plan.ts';

/** The most frequent values that are kept of each column. */
export const topValues = 10;

/** Bars of a histogram. */
export const histogramBins = 20;

/**
 * The first round: one pass over all rows for the plain aggregates, and beside it, in the same statement, one over the
 * sample for those that need order or patterns. One row; the columns are `c{index}_{figure}`, `rows` and `sample_rows`.
 */
export const passStatements = (plan: ProfilePlan): readonly string[] => {
  const columns = numbered(plan).map((column) => ({ ...column, ...columnFigures(plan, column) }));
  return inParts(columns, ({ pass, sample }) => [...pass, ...sample].join().length).map((part, number) => {
    const isFirst = number === 0;
    const pass = [...(isFirst ? ['count(*) AS "rows"'] : []), ...part.flatMap((column) => column.pass)];
    const sample = part.flatMap((column) => column.sample);
    if (plan.sample === undefined) {
      return select([...pass, ...sample, ...(isFirst ? duplicateRows(plan) : [])], quoteTable(plan.schema.name));
    }
    if (plan.preview) return select([...pass, ...sample], sampleOf(plan));
    const sampled = [...(isFirst ? ['count(*) AS "sample_rows"'] : []), ...sample];
    if (sampled.length === 0) return select(pass, quoteTable(plan.schema.name));
    return `SELECT * FROM (\n${select(pass, quoteTable(plan.schema.name))}\n) AS pass, (\n${select(sampled, sampleOf(plan))}\n) AS sample`;
  });
};

const numbered = (plan: ProfilePlan): readonly NumberedColumn[] =>
  plan.schema.columns.map((column, index) => ({ column, index }));

const columnFigures = (plan: ProfilePlan, { column, index }: NumberedColumn) => {
  const distinct = distinctCount(column.type, plan.sample !== undefined && !plan.preview);
  return {
    pass: named(index, passFigures(column, { distinct, now: plan.now })),
    sample: named(index, sampleFigures(column, { distinct })),
  };
};

/**
 * The second round, which needs the quartiles of the first: histograms and outliers in one pass over what the quartiles
 * came from. One row a bar: column, bin, count; and for outliers the bins `below` and `above`.
 */
export const detailStatements = (plan: ProfilePlan, figures: Figures): readonly string[] => {
  const columns = numbered(plan).map((column) => ({ ...column, sql: columnDetails(plan, figures, column) }));
  const told = columns.filter(({ sql }) => sql.length > 0);
  if (told.length === 0) return [];
  return inParts(told, ({ column, sql }) => column.name.length + sql.join().length).map((part) => {
    const names = part.map(({ column }) => quoteName(column.name)).join(', ');
    const rows = plan.sample === undefined ? quoteTable(plan.schema.name) : sampleOf(plan);
    const source = `WITH source AS MATERIALIZED (SELECT ${names} FROM ${rows})`;
    return [source, part.flatMap(({ sql }) => sql).join('\nUNION ALL\n')].join('\n');
  });
};

const columnDetails = (plan: ProfilePlan, figures: Figures, { column, index }: NumberedColumn): readonly string[] => {
  const kind = columnKind(column.type);
  const name = quoteName(column.name);
  const edges = histogramEdges(plan, figures, index);
  const fences = kind === 'number' ? outlierFences(figures, index) : undefined;
  const place = kind === 'time' ? `epoch(${name})` : `CAST(${name} AS DOUBLE)`;
  return [
    ...(isCountable(column.type) && figures.number(index, 'values') > 0
      ? [topStatement(index, column, topValues)]
      : []),
    ...(edges === undefined ? [] : [histogramOf(index, place, edges)]),
    ...(fences === undefined ? [] : [outliersOf(index, place, fences)]),
  ];
};

/** Where the bars of a histogram begin and end; seconds since 1970 for times. */
export type Edges = { readonly min: number; readonly max: number; readonly low: number; readonly high: number };

/** The bars divide the middle 98 %; the outer ones reach to the least and the greatest value, so that none is left out. */
export const histogramEdges = (plan: ProfilePlan, figures: Figures, index: number): Edges | undefined => {
  const kind = columnKind(plan.schema.columns[index]?.type ?? '');
  if (kind !== 'number' && kind !== 'time') return undefined;
  const at = (name: string): number =>
    kind === 'time' ? epochOf(figures.text(index, name)) : Number(figures.text(index, name));
  const [min, max, p01, p99] = [at('min'), at('max'), at('p01'), at('p99')];
  if (![min, max, p01, p99].every(Number.isFinite) || min >= max) return undefined;
  // Where no tail is long the bars are of one width from end to end.
  const hasTails = p01 < p99 && max - min > 2 * (p99 - p01);
  return { min, max, low: hasTails ? p01 : min, high: hasTails ? p99 : max };
};

/** Beyond three interquartile ranges from the quartiles a value is far out, in Tukey’s words. */
export const outlierFences = (
  figures: Figures,
  index: number,
): { readonly low: number; readonly high: number } | undefined => {
  const [p25, p75] = [
    Number(figures.text(index, 'p25') ?? Number.NaN),
    Number(figures.text(index, 'p75') ?? Number.NaN),
  ];
  const range = p75 - p25;
  return Number.isFinite(range) && range > 0 ? { low: p25 - 3 * range, high: p75 + 3 * range } : undefined;
};

/** Seconds since 1970 of a time in DuckDB’s notation; one without a zone is taken as UTC, as DuckDB’s epoch() does. */
export const epochOf = (text: string | undefined): number => {
  const [, date, time = '00:00:00', zone = 'Z'] =
    /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}:\d{2}(?:\.\d+)?))?(Z|[+-]\d{2}(?::?\d{2})?)?$/.exec(text ?? '') ?? [];
  if (date === undefined) return Number.NaN;
  return Date.parse(`${date}T${time}${/^[+-]\d{2}$/.test(zone) ? `${zone}:00` : zone}`) / 1000;
};

const named = (index: number, figures: readonly Figure[]): readonly string[] =>
  figures.map(({ name, sql }) => `${sql} AS "c${index}_${name}"`);

const select = (expressions: readonly string[], from: string): string =>
  `SELECT\n  ${expressions.join(',\n  ')}\nFROM ${from}`;

/** The same rows in every statement: system sampling takes whole blocks, and the seed which ones. */
const sampleOf = (plan: ProfilePlan): string =>
  `${quoteTable(plan.schema.name)} TABLESAMPLE SYSTEM (${plan.sample?.percent ?? 100} PERCENT) REPEATABLE (42)`;

const duplicateRows = (plan: ProfilePlan): readonly string[] => [
  `count(*) - (SELECT count(*) FROM (SELECT DISTINCT * FROM ${quoteTable(plan.schema.name)})) AS "duplicate_rows"`,
];

const histogramOf = (index: number, value: string, { low, high }: Edges): string => {
  const bin = `greatest(0, least(${histogramBins - 1}, CAST(floor((${value} - ${double(low)}) / ${double((high - low) / histogramBins)}) AS BIGINT)))`;
  return `SELECT ${index}, 'bin', CAST(${bin} AS VARCHAR), count(*) FROM source WHERE ${value} BETWEEN -1e300 AND 1e300 GROUP BY ${bin}`;
};

const outliersOf = (
  index: number,
  value: string,
  { low, high }: { readonly low: number; readonly high: number },
): string =>
  `SELECT ${index}, 'outliers', CAST(count_if(${value} < ${double(low)}) AS VARCHAR), count_if(${value} > ${double(high)}) FROM source WHERE ${value} BETWEEN -1e300 AND 1e300`;

const double = (value: number): string => `CAST(${quoteText(String(value))} AS DOUBLE)`;
