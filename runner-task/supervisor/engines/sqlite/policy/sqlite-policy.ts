import type { DatabaseSync } from 'node:sqlite';
import { createRelationScope } from '../../../policy/relation-scope.ts';
import { createPolicy, type GuardedDatabase, type Policy } from '../../../policy/statement-policy.ts';
import { createRelationFinder } from './find-relation.ts';
import type { OutsideOf } from '../../outside-of.ts';
import { createSqliteBoundary } from './run-boundary.ts';
import { createSqliteJudge } from './judge-sqlite.ts';
import { foldAscii } from '../../fold-ascii.ts';

type SqliteDatabase = GuardedDatabase & {
  /** The connection that statements are judged by and run on: its authorizer is set for its whole life. */
  readonly database: DatabaseSync;
  /** Virtual tables, and what reads them. */
  readonly unreadable: readonly string[];
  /** All names of tables and views in the file. */
  readonly names: readonly string[];
  /** Of a run of some tables: its views, and its tables with a key that leads outside. */
  readonly boundary?: OutsideOf | undefined;
};

/** The policy of a SQLite database. */
export const createSqlitePolicy = (guarded: SqliteDatabase): Policy => {
  const { database, tables, default_schema, unreadable, names, boundary } = guarded;
  // What is unreadable was found before: where SQLite asks for its name, it is a query of a WITH.
  const found = new Set(unreadable.map(foldAscii));
  const inFile = new Set(names.map(foldAscii).filter((name) => !found.has(name)));
  const scope = createRelationScope(tables, default_schema, foldAscii);
  const relations = {
    scope,
    boundary: boundary && createSqliteBoundary(database, { scope, names, ...boundary }),
    isInFile: (name: string) => inFile.has(foldAscii(name)),
    hasVirtual: unreadable.length > 0,
  };
  return createPolicy(createSqliteJudge(database, relations, createRelationFinder(unreadable)));
};
