import { createRelationScope } from '../../../policy/relation-scope.ts';
import { createPolicy, type GuardedDatabase, type Policy } from '../../../policy/statement-policy.ts';
import { createMysqlJudge } from './judge-mysql.ts';
import type { MysqlParser } from './mysql-parser.ts';

type MysqlDatabase = GuardedDatabase & {
  /** Ends with the policy. */
  readonly parser: MysqlParser;
  /** Whether the server ignores the case of table names: lower_case_table_names is not 0. */
  readonly fold_names: boolean;
};

/** The policy of a database on a MySQL or MariaDB server. */
export const createMysqlPolicy = ({ tables, default_schema, parser, fold_names }: MysqlDatabase): Policy => {
  const fold = fold_names ? (name: string) => name.toLowerCase() : undefined;
  const relations = createRelationScope(tables, default_schema, fold);
  return createPolicy(createMysqlJudge(relations, parser, default_schema), parser.close);
};
