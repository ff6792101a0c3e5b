import { createRelationScope, type RelationScope } from '../../../policy/relation-scope.ts';
import { createPolicy, type GuardedDatabase, type Policy } from '../../../policy/statement-policy.ts';
import { foldAscii } from '../../fold-ascii.ts';
import type { TableAddress } from '../../table-address.ts';
import { createMysqlJudge } from './judge-mysql.ts';
import { createMysqlRunCatalogs } from './mysql-run-catalogs.ts';
import { createMysqlNarrowing } from './narrow-mysql.ts';
import type { OwnFunctions } from './check-mysql-tree.ts';
import type { MysqlParser } from './mysql-parser.ts';

type MysqlDatabase = GuardedDatabase & {
  /** Ends with the policy. */
  readonly parser: MysqlParser;
  /** Whether the server ignores the case of table names: lower_case_table_names is not 0. */
  readonly fold_names: boolean;
  readonly own_functions?: OwnFunctions;
  /** Tables that are there and not the run's. */
  readonly not_asked?: readonly string[] | undefined;
  /** Of a run of some tables: its views, and its tables with a key that leads outside. */
  readonly boundary?:
    | { readonly views: readonly TableAddress[]; readonly leading: readonly TableAddress[] }
    | undefined;
};

/** What MariaDB computes where no table has such a name: a table of numbers. */
const numberSeries = /^seq_\d{1,18}_to_\d{1,18}(?:_step_\d{1,18})?$/i;

/** The policy of a database on a MySQL or MariaDB server. */
export const createMysqlPolicy = (guarded: MysqlDatabase): Policy => {
  const {
    tables,
    default_schema: database,
    parser,
    fold_names,
    own_functions = new Map(),
    not_asked = [],
    boundary,
  } = guarded;
  // Of other letters the server's own table of cases decides: written in another case, they are not found.
  const fold = fold_names ? foldAscii : undefined;
  const scopeOf = (some: readonly TableAddress[]): RelationScope => createRelationScope(some, database, fold);
  const scope = scopeOf(tables);
  const taken = new Set(not_asked.map((name) => name.toLowerCase()));
  const isNumberSeries = (schema: string | undefined, table: string): boolean =>
    schema === undefined && numberSeries.test(table) && !taken.has(table.toLowerCase());
  const rules = {
    database,
    ownFunctions: own_functions,
    relations: {
      ...scope,
      has: (schema: string | undefined, table: string) => scope.has(schema, table) || isNumberSeries(schema, table),
    },
  };
  const judge = createMysqlJudge(rules, parser);
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
