import type { Engine } from '../../../contracts/schema.ts';
import type { Dialect } from './dialect.ts';
import { duckdb } from './duckdb.ts';
import { mysql } from './mysql.ts';
import { postgres } from './postgres.ts';

const dialects: Readonly<Record<Engine, Dialect>> = { duckdb, postgres, mysql };

/** The dialect of an engine. Files are read by DuckDB. */
export const dialectOf = (engine: string): Dialect =>
  engine === 'postgres' || engine === 'mysql' ? dialects[engine] : dialects.duckdb;
