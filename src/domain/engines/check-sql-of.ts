import type { Engine } from '../../contracts/schema.ts';
import type { Dialect } from './check-sql.ts';
import { duckdb } from './duckdb/checks.ts';
import { mysql } from './mysql/checks.ts';
import { postgres } from './postgres/checks.ts';

const dialects: Readonly<Record<Engine, Dialect>> = { duckdb, postgres, mysql };

/** The dialect of an engine. Files are read by DuckDB. */
export const dialectOf = (engine: string): Dialect =>
  engine === 'postgres' || engine === 'mysql' ? dialects[engine] : dialects.duckdb;
