import type { DuckDBConnection } from '@duckdb/node-api';
import { createRelationScope, type RelationScope } from '../../../policy/relation-scope.ts';
import { createPolicy, type GuardedDatabase, type Policy } from '../../../policy/statement-policy.ts';
import type { OutsideOf } from '../../outside-of.ts';
import type { TableAddress } from '../../table-address.ts';
import { createDuckdbJudge } from './judge-duckdb.ts';
import { foldAscii } from '../../fold-ascii.ts';

type DuckdbDatabase = GuardedDatabase & {
  /** A connection to parse with; it need not be the one that statements run on. */
  readonly connection: DuckDBConnection;
  /** What a name of three parts begins with. */
  readonly catalog?: string;
  /** Where macros are that have names of built-in functions; statements must run where these are not found. */
  readonly macros_in?: string | undefined;
  /** Of a run of some tables, whose catalogs were made. */
  readonly boundary?: OutsideOf | undefined;
};

/** The policy of a DuckDB database, or of files that DuckDB reads. */
export const createDuckdbPolicy = ({
  connection,
  catalog,
  macros_in,
  boundary,
  ...database
}: DuckdbDatabase): Policy => {
  const scopeOf = (tables: readonly TableAddress[]): RelationScope =>
    createRelationScope(tables, database.default_schema, foldAscii);
  const relations = scopeOf(database.tables);
  const within = boundary && { relations, views: scopeOf(boundary.views) };
  return createPolicy(createDuckdbJudge(connection, { relations, catalog, macrosIn: macros_in }, within));
};
