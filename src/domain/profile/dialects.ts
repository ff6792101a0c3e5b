import type { Engine } from '../../contracts/schema.ts';
import type { Dialect } from './dialect.ts';
import { duckdbDialect } from './duckdb/duckdb-dialect.ts';
import { mysqlDialect } from './mysql/mysql-dialect.ts';
import { postgresDialect } from './postgres/postgres-dialect.ts';

const dialects: Readonly<Record<Engine, Dialect>> = {
  duckdb: duckdbDialect,
  postgres: postgresDialect,
  mysql: mysqlDialect,
};

/** How tables of an engine are measured. */
export const dialectOf = (engine: Engine): Dialect => dialects[engine];
