import { lookUp } from '../../../../../src/contracts/look-up.ts';
import { constants, type DatabaseSync } from 'node:sqlite';
import { refusal, unparsable, type Judge, type Refusal } from '../../../policy/verdict.ts';
import { brokenView } from '../../broken-view.ts';
import { withApplication } from '../sqlite-error.ts';
import { authorizeAction, type SqliteRelations, type StatementRights } from './authorize-action.ts';
import type { RelationFinder } from './find-relation.ts';
import { refuseCount } from '../../../policy/count-statements.ts';
import { narrowCatalog } from './run-boundary.ts';
import { keywordOf, sqlTokens } from './sql-tokens.ts';

/** White space and comments, one of them: no two of its forms begin alike, so that repeating it never tries twice. */
const space = String.raw`\s|--[^\n]*(?:\n|$)|/\*(?:[^*]|\*(?!/))*(?:\*/|$)`;
const firstWord = new RegExp(`^(?:${space})*([A-Za-z]+)`);
const explains = new RegExp(`^(?:${space})*EXPLAIN\\b`, 'i');
const nothingMore = new RegExp(`^(?:${space}|;)*$`);

/** How many statements there are; a trigger that is declared holds some, and what follows it is not told apart from it. */
const countStatements = (sql: string): number => {
  const tokens = sqlTokens(sql);
  if (keywordOf(tokens.find(({ text }) => text !== ';')) === 'CREATE') return 1;
  return tokens.filter(({ kind, text }, at) => {
    const before = tokens[at - 1];
    const isEnd = kind === 'sign' && text === ';';
    return !isEnd && (before === undefined || (before.kind === 'sign' && before.text === ';'));
  }).length;
};

const reading: ReadonlySet<string> = new Set(['SELECT', 'WITH', 'VALUES', 'EXPLAIN', 'PRAGMA']);

const instead: Readonly<Record<string, string>> = {
  CREATE: 'Use WITH … AS (…) or a subquery for what you would keep.',
  ATTACH: 'Only the database of this run can be read; SELECT from its tables.',
  VACUUM: 'SELECT the rows; in Python, write them to the workspace.',
};

const refuseKind = (sql: string): Refusal | undefined => {
  const word = firstWord.exec(sql)?.[1]?.toUpperCase() ?? 'This';
  if (reading.has(word)) return undefined;
  return refusal(
    'read-only statements',
    `${word} is not among SELECT, WITH … SELECT, VALUES, EXPLAIN and PRAGMA table_xinfo(…).`,
    lookUp(instead, word) ?? 'The database is read-only: compute what you need in a SELECT.',
  );
};

/**
 * Judges with SQLite itself: it is asked to prepare a statement, which runs nothing of it, and tells its authorizer each thing
 * that it would do. The authorizer stays when the statement runs. `unreadable` finds virtual tables, which SQLite
 * would start before it asks.
 */
export const createSqliteJudge = (
  database: DatabaseSync,
  relations: SqliteRelations,
  unreadable: RelationFinder,
): Judge => {
  let refused: Refusal | undefined;
  let rights: StatementRights = { readsView: false };
  const { boundary } = relations;
  database.setAuthorizer((code, first, second, source, within) => {
    const found = authorizeAction({ code, first, second, database: source, within }, relations, rights);
    refused ??= found;
    return found === undefined ? constants.SQLITE_OK : constants.SQLITE_DENY;
  });

  const failed = (error: unknown, sql: string): Refusal => {
    const message = error instanceof Error ? error.message : String(error);
    const [, table] = /^no such table: (?:main\.)?(.*)$/.exec(message) ?? [];
    if (table === undefined) return unparsable(withApplication(message));
    const broken = brokenView(sql, table);
    return broken === undefined ? relations.scope.refuse(undefined, table) : unparsable(broken);
  };

  return async (written) => {
    const count = countStatements(written);
    if (count > 1) return refuseCount(count);
    const refusedKind = refuseKind(written);
    if (refusedKind) return refusedKind;
    const outside = boundary?.findOutside(written);
    if (outside !== undefined) return relations.scope.refuse(undefined, outside);
    rights = { readsView: boundary?.readsView(written) ?? false };
    if (rights.readsView && explains.test(written))
      return refusal(
        'relations',
        'a plan would name what a view reads, which may be outside this run.',
        'SELECT from it.',
      );
    const sql = boundary === undefined ? written : narrowCatalog(written);
    const virtual = unreadable(sql);
    if (virtual !== undefined)
      return refusal('relations', `${virtual} is a virtual table, or a view of one, which is not read here.`);
    refused = undefined;
    try {
      const { sourceSQL } = database.prepare(sql);
      if (!nothingMore.test(sql.slice(sourceSQL.length))) return refuseCount(2);
      return { allowed: true, sql: sourceSQL };
    } catch (error) {
      return refused ?? failed(error, sql);
    }
  };
};
