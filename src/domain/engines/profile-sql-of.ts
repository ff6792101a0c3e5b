import type { Engine } from '../../contracts/schema.ts';
import type { Dialect } from './profile-sql.ts';
import { duckdbDialect } from './duckdb/profile.ts';
import { mysqlDialect } from './mysql/profile.ts';
import { postgresDialect } from './postgres/profile.ts';

const dialects: Readonly<Record<Engine, Dialect>> = {
  duckdb: duckdbDialect,
  postgres: postgresDialect,
  mysql: mysqlDialect,
};

/** How tables of an engine are measured. */
export const dialectOf = (engine: Engine): Dialect => dialects[engine];
