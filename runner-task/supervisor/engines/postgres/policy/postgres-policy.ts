import { createRelationScope } from '../../../policy/relation-scope.ts';
import { createPolicy, type GuardedDatabase, type Policy } from '../../../policy/statement-policy.ts';
import { createPostgresJudge } from './judge-postgres.ts';
import { createPostgresParser } from './postgres-parser.ts';

type PostgresDatabase = GuardedDatabase & {
  /**
   * Functions that users of the database have written. One that has the name of a built-in function, or could be called
   * like a column, makes a statement say which is meant.
   */
  readonly own_functions?: readonly string[];
};

/** The policy of a PostgreSQL database. */
export const createPostgresPolicy = ({ tables, default_schema, own_functions }: PostgresDatabase): Policy => {
  const parser = createPostgresParser();
  const judge = createPostgresJudge(createRelationScope(tables, default_schema), new Set(own_functions), parser);
  return createPolicy(judge, parser.close);
};
