import { createRelationScope, type RelationScope } from '../../../policy/relation-scope.ts';
import { createPolicy, type GuardedDatabase, type Policy } from '../../../policy/statement-policy.ts';
import type { TableAddress } from '../../table-address.ts';
import { createMysqlJudge } from './judge-mysql.ts';
import { createMysqlRunCatalogs } from './mysql-run-catalogs.ts';
import { createMysqlNarrowing } from './narrow-mysql.ts';
import type { MysqlParser } from './mysql-parser.ts';

type MysqlDatabase = GuardedDatabase & {
  /** Ends with the policy. */
  readonly parser: MysqlParser;
  /** Whether the server ignores the case of table names: lower_case_table_names is not 0. */
  readonly fold_names: boolean;
  /** Of a run of some tables: its views, and its tables with a key that leads outside. */
  readonly boundary?:
    | { readonly views: readonly TableAddress[]; readonly leading: readonly TableAddress[] }
    | undefined;
};

/** The policy of a database on a MySQL or MariaDB server. */
export const createMysqlPolicy = (guarded: MysqlDatabase): Policy => {
  const { tables, default_schema: database, parser, fold_names, boundary } = guarded;
  const fold = fold_names ? (name: string) => name.toLowerCase() : undefined;
  const scopeOf = (some: readonly TableAddress[]): RelationScope => createRelationScope(some, database, fold);
  const judge = createMysqlJudge(scopeOf(tables), parser, database);
  if (boundary === undefined) return createPolicy(judge, parser.close);
  const narrow = createMysqlNarrowing(
    {
      database,
      catalogs: createMysqlRunCatalogs(tables, database),
      views: scopeOf(boundary.views),
      leading: scopeOf(boundary.leading),
    },
    parser,
  );
  return createPolicy(judge, parser.close, narrow);
};
