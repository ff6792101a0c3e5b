import type { DuckDBConnection } from '@duckdb/node-api';
import { createRelationScope, type RelationScope } from '../../../policy/relation-scope.ts';
import { createPolicy, type GuardedDatabase, type Policy } from '../../../policy/statement-policy.ts';
import type { OutsideOf } from '../../outside-of.ts';
import type { TableAddress } from '../../table-address.ts';
import { createDuckdbJudge } from './judge-duckdb.ts';

type DuckdbDatabase = GuardedDatabase & {
  /** A connection to parse with; it need not be the one that statements run on. */
  readonly connection: DuckDBConnection;
  /** What a name of three parts begins with. */
  readonly catalog?: string;
  /** Macros that users of the database have written, which DuckDB prefers to built-in functions. */
  readonly own_functions?: readonly string[];
  /** Of a run of some tables, whose catalogs were made. */
  readonly boundary?: OutsideOf | undefined;
};

/** The policy of a DuckDB database, or of files that DuckDB reads. */
export const createDuckdbPolicy = ({
  connection,
  catalog,
  own_functions,
  boundary,
  ...database
}: DuckdbDatabase): Policy => {
  const scopeOf = (tables: readonly TableAddress[]): RelationScope =>
    createRelationScope(tables, database.default_schema, (name) => name.toLowerCase());
  const relations = scopeOf(database.tables);
  const within = boundary && { relations, views: scopeOf(boundary.views) };
  const ownFunctions = new Set(own_functions?.map((name) => name.toLowerCase()));
  return createPolicy(createDuckdbJudge(connection, { relations, ownFunctions, catalog }, within));
};
