import type { ProfileSql } from '../profile-sql.ts';
import { quoteTable } from '../../sql-name.ts';
import { columnKind, isCountable } from './column-kind.ts';
import { duckdbStatements } from './statements.ts';
import { duckdbWideSql } from './wide-sql.ts';

/** DuckDB: it knows the rows of its tables, scans them fast enough for a pass of any size, and samples views too. */
export const duckdbProfileSql: ProfileSql = {
  kindOf: ({ type }) => columnKind(type),
  isCountable: ({ type }) => isCountable(type),
  estimateStatement: ({ name, estimated_rows }) =>
    estimated_rows === undefined
      ? `SELECT 'rows' AS name, count(*) AS value, NULL AS count FROM ${quoteTable(name)}`
      : undefined,
  readEstimate: ({ estimated_rows }, figures) => ({
    // As a preview shows it: whether views were counted or tables estimated is not worth a word there.
    rows: { basis: 'approximate', count: figures?.count(undefined, 'rows') ?? estimated_rows ?? 0 },
    distinct: new Map(),
  }),
  // A quantile’s error is then about 0.45 % of the ranks.
  sampleRows: () => 50_000,
  sampleMethod: () => 'system',
  largestPass: Infinity,
  largeDistinct: 'approximate',
  statements: duckdbStatements,
  wide: duckdbWideSql,
};
