import type { DuckDBConnection } from '@duckdb/node-api';
import { createRelationScope } from '../../../policy/relation-scope.ts';
import { createPolicy, type GuardedDatabase, type Policy } from '../../../policy/statement-policy.ts';
import { createDuckdbJudge } from './judge-duckdb.ts';

type DuckdbDatabase = GuardedDatabase & {
  /** A connection to parse with; it need not be the one that statements run on. */
  readonly connection: DuckDBConnection;
  /** What a name of three parts begins with. */
  readonly catalog?: string;
  /** Macros that users of the database have written, which DuckDB prefers to built-in functions. */
  readonly own_functions?: readonly string[];
};

/** The policy of a DuckDB database, or of files that DuckDB reads. */
export const createDuckdbPolicy = ({ connection, catalog, own_functions, ...database }: DuckdbDatabase): Policy => {
  const relations = createRelationScope(database.tables, database.default_schema, (name) => name.toLowerCase());
  const ownFunctions = new Set(own_functions?.map((name) => name.toLowerCase()));
  return createPolicy(createDuckdbJudge(connection, { relations, ownFunctions, catalog }));
};
