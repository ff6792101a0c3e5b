import { createRelationScope } from '../../../policy/relation-scope.ts';
import { createPolicy, type GuardedDatabase, type Policy } from '../../../policy/statement-policy.ts';
import type { Judge } from '../../../policy/verdict.ts';
import type { TableAddress } from '../../table-address.ts';
import { createPostgresJudge } from './judge-postgres.ts';
import { narrowPostgres } from './narrow-postgres.ts';
import { createPostgresParser } from './postgres-parser.ts';
import { createRunCatalogs } from './run-catalogs.ts';

type PostgresDatabase = GuardedDatabase & {
  /**
   * Functions that users of the database have written. One that has the name of a built-in function, or could be called
   * like a column, makes a statement say which is meant.
   */
  readonly own_functions?: readonly string[];
  /** Of a run of some tables: those whose plan would name what they read. */
  readonly opaque?: readonly TableAddress[];
};

/** The policy of a PostgreSQL database. */
export const createPostgresPolicy = ({ tables, default_schema, own_functions, opaque }: PostgresDatabase): Policy => {
  const parser = createPostgresParser();
  const relations = createRelationScope(tables, default_schema);
  const judge = createPostgresJudge(relations, new Set(own_functions), parser);
  if (opaque === undefined) return createPolicy(judge, parser.close);
  const opaqueTables = createRelationScope(opaque, default_schema);
  const boundary = {
    relations,
    catalogs: createRunCatalogs(tables, default_schema),
    isOpaque: (schema: string | undefined, table: string) => opaqueTables.has(schema, table),
  };
  const narrow: Judge = async (sql) => {
    const parsed = await parser.parse(sql);
    // It was parsed before, to be judged.
    return 'failed' in parsed ? judge(sql) : narrowPostgres(sql, parsed.statements, boundary);
  };
  return createPolicy(judge, parser.close, narrow);
};
