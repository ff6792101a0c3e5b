import type { ColumnType } from './column-type.ts';
import type { ProfileDialect } from './profile-dialect.ts';

const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const integers = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER)$/;
const calendar: Readonly<Record<string, 'moment' | 'day' | 'clock' | 'span'>> = {
  DATE: 'day',
  TIME: 'clock',
  INTERVAL: 'span',
  'TIME WITH TIME ZONE': 'span',
  TIMESTAMP: 'moment',
  TIMESTAMP_S: 'moment',
  TIMESTAMP_MS: 'moment',
  TIMESTAMP_NS: 'moment',
  'TIMESTAMP WITH TIME ZONE': 'moment',
};

const columnType = (type: string): ColumnType => {
  // A list of a type ends in brackets whatever its name begins with: DECIMAL(10,2)[], ENUM('a')[3].
  if (type.endsWith(']')) return { kind: 'other' };
  const scale = calendar[type];
  if (scale !== undefined) return { kind: 'time', scale };
  if (integers.test(type)) return { kind: 'number', integer: true, floating: false, wide: type.endsWith('HUGEINT') };
  if (type === 'DOUBLE' || type === 'FLOAT') return { kind: 'number', integer: false, floating: true, wide: false };
  if (type.startsWith('DECIMAL')) return { kind: 'number', integer: false, floating: false, wide: true };
  if (type === 'BOOLEAN') return { kind: 'boolean' };
  if (type === 'VARCHAR') return { kind: 'text', native: true };
  if (type === 'UUID' || type === 'JSON' || type.startsWith('ENUM(')) return { kind: 'text', native: false };
  return { kind: 'other' };
};

/** The profile’s SQL for DuckDB. */
export const duckdbDialect: ProfileDialect = {
  quoteName,
  quoteTable: (name) => name.split('.').map(quoteName).join('.'),
  columnType,
  // Whole vectors of 2,048 rows: reading 1% costs about 1%, at the price that neighbours are taken together.
  sampled: (table, percent) => `${table} TABLESAMPLE system(${percent} PERCENT) REPEATABLE (42)`,
  sampleMethod: 'system',
  asText: (expression) => `CAST(${expression} AS VARCHAR)`,
  finite: (expression, type) => {
    const mayBeInfinite =
      (type.kind === 'number' && type.floating) || (type.kind === 'time' && (type.scale === 'moment' || type.scale === 'day'));
    return mayBeInfinite ? `CASE WHEN isfinite(${expression}) THEN ${expression} END` : expression;
  },
  // stddev_samp fails the whole statement where a square overflows, above 1.3e154.
  summable: (expression, type) => {
    if (type.floating) return `CASE WHEN abs(${expression}) < 1e150 THEN ${expression} END`;
    return type.wide ? `CAST(${expression} AS DOUBLE)` : expression;
  },
  countIf: (condition) => `count_if(${condition})`,
  approximateDistinct: (expression) => `approx_count_distinct(${expression})`,
  quantiles: (expression, shares) => `quantile_disc(${expression}, [${shares.join(', ')}])`,
  element: (list, position) => `${list}[${position}]`,
  length: (expression) => `length(${expression})`,
  beginning: (expression, characters) => `left(${expression}, ${characters})`,
  matches: (expression, pattern) => `regexp_matches(${expression}, ${quoteText(pattern)})`,
  axis: (expression, type) => {
    if (type.kind === 'number') return `CAST(${expression} AS DOUBLE)`;
    return type.scale === 'day' ? `epoch(${expression}) / 86400` : `epoch(${expression})`;
  },
  epoch: (expression) => `epoch(${expression})`,
  moment: (iso) => `TIMESTAMP ${quoteText(iso.replace('T', ' ').replace('Z', ''))}`,
};
