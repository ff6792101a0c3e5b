import { createRelationScope } from '../../../policy/relation-scope.ts';
import { createPolicy, type GuardedDatabase, type Policy } from '../../../policy/statement-policy.ts';
import type { Judge } from '../../../policy/verdict.ts';
import type { TableAddress } from '../../table-address.ts';
import { createPostgresJudge } from './judge-postgres.ts';
import { narrowPostgres } from './narrow-postgres.ts';
import { createNameLookup, noOwnNames, type OwnNames } from './own-names.ts';
import { createPostgresParser } from './postgres-parser.ts';
import { createRunCatalogs } from './run-catalogs.ts';

type PostgresDatabase = GuardedDatabase & {
  /** What the database has beside the system's own; nothing, unless it is told. */
  readonly own?: OwnNames;
  /** The columns of the tables, in the order of the tables; without them what stands behind a dot may be none. */
  readonly columns?: readonly (readonly string[])[];
  /** Of a run of some tables: those whose plan would name what they read. */
  readonly opaque?: readonly TableAddress[];
  /** Its views. */
  readonly views?: readonly TableAddress[];
};

/** The policy of a PostgreSQL database. Its statements must run with the search path of `own`. */
export const createPostgresPolicy = ({
  tables,
  default_schema,
  own = noOwnNames,
  columns = [],
  opaque,
  views = [],
}: PostgresDatabase): Policy => {
  const parser = createPostgresParser();
  const keyOf = (schema: string | undefined, table: string): string =>
    JSON.stringify([schema ?? default_schema, table]);
  const byTable = new Map(tables.map(({ schema, table }, index) => [keyOf(schema, table), new Set(columns[index])]));
  const relations = createRelationScope(tables, default_schema);
  const rules = {
    relations,
    defaultSchema: default_schema,
    own: createNameLookup(own),
    hasColumn: (schema: string | undefined, table: string, column: string) =>
      byTable.get(keyOf(schema, table))?.has(column),
  };
  const judge = createPostgresJudge(rules, parser);
  if (opaque === undefined) return createPolicy(judge, parser.close);
  const opaqueTables = createRelationScope(opaque, default_schema);
  const viewTables = createRelationScope(views, default_schema);
  const schemas = new Set([
    'pg_catalog',
    'information_schema',
    ...tables.map(({ schema }) => schema ?? default_schema),
  ]);
  const boundary = {
    isView: (schema: string | undefined, table: string) => viewTables.has(schema, table),
    isSchema: (schema: string) => schemas.has(schema),
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
