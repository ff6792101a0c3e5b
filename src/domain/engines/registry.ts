import type { Engine, SourceKind } from '../../contracts/engine.ts';
import { standardNames } from '../sql-name.ts';
import type { SourceAddress } from './address/source-address.ts';
import { duckdbAddress, filesAddress } from './duckdb/address.ts';
import { objectsAddress } from './address/objects-address.ts';
import { duckdbCheckSql } from './duckdb/check-sql.ts';
import { duckdbProfileSql } from './duckdb/profile-sql.ts';
import type { EngineSql } from './engine-sql.ts';
import { mysqlAddress } from './mysql/address.ts';
import { mysqlCheckSql } from './mysql/check-sql.ts';
import { mysqlNames } from './mysql/names.ts';
import { mysqlProfileSql } from './mysql/profile-sql.ts';
import { postgresAddress } from './postgres/address.ts';
import { postgresCheckSql } from './postgres/check-sql.ts';
import { postgresProfileSql } from './postgres/profile-sql.ts';
import { sqliteAddress } from './sqlite/address.ts';
import { sqliteCheckSql } from './sqlite/check-sql.ts';
import { sqliteNames } from './sqlite/names.ts';
import { sqliteProfileSql } from './sqlite/profile-sql.ts';

/** How each kind of source is named by a connection string. */
export const sourceAddresses: { readonly [K in SourceKind]: SourceAddress<K> } = {
  postgres: postgresAddress,
  mysql: mysqlAddress,
  duckdb: duckdbAddress,
  sqlite: sqliteAddress,
  files: filesAddress,
  objects: objectsAddress,
};

/** What is sent to the databases of each engine. */
export const engineSql: Readonly<Record<Engine, EngineSql>> = {
  duckdb: { names: standardNames, profileSql: duckdbProfileSql, checkSql: duckdbCheckSql },
  postgres: { names: standardNames, profileSql: postgresProfileSql, checkSql: postgresCheckSql },
  mysql: { names: mysqlNames, profileSql: mysqlProfileSql, checkSql: mysqlCheckSql },
  sqlite: { names: sqliteNames, profileSql: sqliteProfileSql, checkSql: sqliteCheckSql },
};
