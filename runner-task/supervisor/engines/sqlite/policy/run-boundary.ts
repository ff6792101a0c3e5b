import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { quoteText } from '../../../../../src/domain/sql-name.ts';
import type { OutsideOf } from '../../outside-of.ts';
import type { RelationScope } from '../../../policy/relation-scope.ts';
import { createRelationFinder, type RelationFinder } from './find-relation.ts';
import { sqlTokens } from './sql-tokens.ts';
import { foldAscii } from '../../fold-ascii.ts';

/** A run of some tables of a file: what stands for the catalog, and what of the file is not the run's. */
export type SqliteBoundary = {
  /** Finds a table or view of the file that is not the run's, where a statement names one. */
  readonly findOutside: RelationFinder;
  /** Whether a statement names one of the run's views: then it may read what the view reads. */
  readonly readsView: (sql: string) => boolean;
  /** Whether a table or index is the run's, so that PRAGMA may tell of it. */
  readonly isOwn: (name: string) => boolean;
  /** Whether a table's keys lead outside, so that their list would name where to. */
  readonly leadsOutside: (table: string) => boolean;
};

/** The table of this connection that holds the run's part of the catalog: by a name that no table of a user's has. */
export const runSchema = `surveyor_run_schema_${randomUUID().slice(0, 8)}`;

/** What of a file's names is known. */
export type SqliteNames = {
  readonly scope: RelationScope;
  /** All names of tables and views in the file. */
  readonly names: readonly string[];
} & OutsideOf;

/**
 * Makes the boundary, and in the connection the table that stands for the catalog. Texts of declarations that name what is not
 * the run's are left out of it. Needs a connection without an authorizer.
 */
export const createSqliteBoundary = (database: DatabaseSync, known: SqliteNames): SqliteBoundary => {
  const { scope, names, views, leading } = known;
  const outside = names.filter((name) => !scope.has(undefined, name));
  const own = names.filter((name) => scope.has(undefined, name));
  const isOutside = new Set(outside.map(foldAscii));
  const isView = new Set(views.map(({ table }) => foldAscii(table)));
  const isLeading = new Set(leading.map(({ table }) => foldAscii(table)));

  // The file itself is open for reading alone.
  database.exec('PRAGMA query_only = OFF');
  database.exec(`CREATE TEMP TABLE ${runSchema} AS SELECT type, name, tbl_name, rootpage, sql FROM main.sqlite_schema
    WHERE type <> 'trigger' AND lower(tbl_name) IN (${own.map((name) => `lower(${quoteText(name)})`).join(', ')})`);
  const rows = database.prepare(`SELECT rowid AS number, name, type, sql FROM ${runSchema}`).all();
  for (const { number, sql } of rows)
    if (sqlTokens(String(sql ?? '')).some(({ text }) => isOutside.has(foldAscii(text))))
      database.exec(`UPDATE ${runSchema} SET sql = NULL WHERE rowid = ${Number(number)}`);
  database.exec('PRAGMA query_only = ON');

  const isKnown = new Set(rows.map(({ name }) => foldAscii(String(name))));
  return {
    findOutside: createRelationFinder(outside),
    readsView: (sql) => sqlTokens(sql).some(({ text }) => isView.has(foldAscii(text))),
    isOwn: (name) => isKnown.has(foldAscii(name)),
    leadsOutside: (table) => isLeading.has(foldAscii(table)),
  };
};

const catalog = /^sqlite_(?:master|schema)$/i;

/** The statement with the run's part of the catalog where it names the catalog. What it names otherwise is refused later. */
export const narrowCatalog = (sql: string): string => {
  const tokens = sqlTokens(sql);
  let written = '';
  let at = 0;
  for (const [index, token] of tokens.entries()) {
    if (!catalog.test(token.text) || sql[token.from] === "'") continue;
    const schema = tokens[index - 1]?.text === '.' ? tokens[index - 2] : undefined;
    if (schema !== undefined && foldAscii(schema.text) !== 'main') continue;
    const isQualifier = tokens[index + 1]?.text === '.';
    written += sql.slice(at, schema?.from ?? token.from) + (isQualifier ? runSchema : `temp.${runSchema}`);
    at = token.to;
  }
  return written + sql.slice(at);
};
