import type { DuckDBConnection } from '@duckdb/node-api';
import { Failure } from '../../../src/contracts/failure.ts';
import type { TableAddress } from '../engines/open-engine.ts';
import { checkText } from './check-text.ts';
import { createDuckdbJudge } from '../engines/duckdb/policy/judge-duckdb.ts';
import { createMysqlJudge } from '../engines/mysql/policy/judge-mysql.ts';
import type { MysqlParser } from '../engines/mysql/policy/mysql-parser.ts';
import { createPostgresJudge } from '../engines/postgres/policy/judge-postgres.ts';
import { createPostgresParser } from '../engines/postgres/policy/postgres-parser.ts';
import { createRelationScope } from './relation-scope.ts';
import { refusalText, type Judge, type Verdict } from './verdict.ts';

/** What every policy knows of the database it guards. */
type Guarded = {
  /** The tables of the run. No other may be read. */
  readonly tables: readonly TableAddress[];
  /** Where a name without a schema lies, and where alone: `public`, `main`, the database's name. */
  readonly default_schema: string;
};

/** The database that a policy guards: its tables, and what its engine's grammar needs. */
export type GuardedDatabase = Guarded &
  (
    | {
        readonly engine: 'postgres';
        /**
         * Functions that users of the database have written. One that has the name of a built-in function, or could be
         * called like a column, makes a statement say which is meant.
         */
        readonly own_functions?: readonly string[];
      }
    | {
        readonly engine: 'mysql';
        /** Ends with the policy. */
        readonly parser: MysqlParser;
        /** Whether the server ignores the case of table names: lower_case_table_names is not 0. */
        readonly fold_names: boolean;
      }
    | {
        readonly engine: 'duckdb';
        /** A connection to parse with; it need not be the one that statements run on. */
        readonly connection: DuckDBConnection;
        /** What a name of three parts begins with. */
        readonly catalog?: string;
        /** Macros that users of the database have written, which DuckDB prefers to built-in functions. */
        readonly own_functions?: readonly string[];
      }
  );

/** The broker's judgement of statements, for one open database. */
export type Policy = {
  judge(sql: string): Promise<Verdict>;
  /** What to execute. Fails with STATEMENT_REFUSED, or with STATEMENT_FAILED where it does not parse. */
  admit(sql: string): Promise<string>;
  readonly close: () => void;
};

const createJudge = (database: GuardedDatabase): { readonly judge: Judge; readonly close: () => void } => {
  const { tables, default_schema } = database;
  switch (database.engine) {
    case 'postgres': {
      const relations = createRelationScope(tables, default_schema);
      const own = new Set(database.own_functions);
      const parser = createPostgresParser();
      return { judge: createPostgresJudge(relations, own, parser), close: parser.close };
    }
    case 'mysql': {
      const fold = database.fold_names ? (name: string) => name.toLowerCase() : undefined;
      const relations = createRelationScope(tables, default_schema, fold);
      const { parser } = database;
      return { judge: createMysqlJudge(relations, parser, default_schema), close: parser.close };
    }
    case 'duckdb': {
      const relations = createRelationScope(tables, default_schema, (name) => name.toLowerCase());
      const ownFunctions = new Set(database.own_functions?.map((name) => name.toLowerCase()));
      const rules = { relations, ownFunctions, catalog: database.catalog };
      return { judge: createDuckdbJudge(database.connection, rules), close: () => undefined };
    }
  }
};

/** Makes the policy of an open database. It judges alone: limits and the read-only transaction are the engine's. */
export const createPolicy = (database: GuardedDatabase): Policy => {
  const { judge: judgeTree, close } = createJudge(database);
  const judge = async (sql: string): Promise<Verdict> => checkText(sql) ?? judgeTree(sql);
  return {
    judge,
    admit: async (sql) => {
      const verdict = await judge(sql);
      if (verdict.allowed) return verdict.sql;
      throw new Failure(verdict.failure, refusalText(verdict));
    },
    close,
  };
};
