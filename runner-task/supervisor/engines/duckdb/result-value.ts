import {
  DuckDBArrayValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBUnionValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import type { ResultValue } from '../../../../src/contracts/sandbox.ts';

type Nested = ResultValue | readonly Nested[] | { readonly [name: string]: Nested };

const nested = (value: DuckDBValue): Nested => {
  if (typeof value !== 'object') return plain(value);
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) return value.items.map(nested);
  if (value instanceof DuckDBStructValue) {
    return Object.fromEntries(Object.entries(value.entries).map(([name, entry]) => [name, nested(entry)]));
  }
  if (value instanceof DuckDBMapValue) {
    return value.entries.map(({ key, value: entry }) => ({ key: nested(key), value: nested(entry) }));
  }
  if (value instanceof DuckDBUnionValue) return nested(value.value);
  return plain(value);
};

const plain = (value: DuckDBValue): ResultValue => {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  // JSON has no NaN and no infinities.
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  // Beyond 2^53 a JSON number would lose digits.
  if (typeof value === 'bigint') {
    return value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER ? Number(value) : String(value);
  }
  return value.toString();
};

/** A DuckDB value as a result carries it: nested ones as JSON text, everything JSON cannot hold in DuckDB's own notation. */
export const resultValue = (value: DuckDBValue): ResultValue => {
  const result = nested(value);
  return typeof result === 'object' && result !== null ? JSON.stringify(result) : (result as ResultValue);
};
