import { constants } from 'node:sqlite';
import type { RelationScope } from '../../../policy/relation-scope.ts';
import { refusal, type Refusal } from '../../../policy/verdict.ts';
import { runSchema, type SqliteBoundary } from './run-boundary.ts';
import { sqliteFunctions, sqlitePragmas, sqliteSystemRelations } from './sqlite-functions.ts';
import { foldAscii } from '../../fold-ascii.ts';

/** What SQLite is about to do for a statement, as it tells its authorizer. */
export type SqliteAction = {
  readonly code: number;
  readonly first: string | null;
  readonly second: string | null;
  readonly database: string | null;
  /** The query of a view or of a WITH that it is done for; none for the statement itself. */
  readonly within: string | null;
};

/** The tables of a database, and what else stands in its file under a name and may not be read. */
export type SqliteRelations = {
  readonly scope: RelationScope;
  readonly isInFile: (name: string) => boolean;
  /** Whether some of it are virtual tables, which must not be started. */
  readonly hasVirtual: boolean;
  /** Of a run of some tables. */
  readonly boundary?: SqliteBoundary | undefined;
};

/** What the statement that is judged or runs may do beyond what any may. */
export type StatementRights = { readonly readsView: boolean };

/** Modules whose tables are there without being made. */
const ownModules = /^(sqlite_|pragma_|fts|rtree|geopoly|dbstat)/;

const catalogs: ReadonlySet<string> = new Set(['sqlite_master', 'sqlite_schema']);

const checkRead = (
  { first, second, database, within }: SqliteAction,
  relations: SqliteRelations,
  { readsView }: StatementRights,
): Refusal | undefined => {
  const table = first ?? '';
  const name = foldAscii(table);
  if (relations.scope.has(undefined, table) && database !== 'temp') return undefined;
  // What such a function is asked for can be computed while it runs, and what it is asked for is started.
  if (relations.hasVirtual && name.startsWith('pragma_') && sqliteSystemRelations.has(name))
    return refusal(
      'relations',
      `${table} could start a virtual table, of which this file has some.`,
      'Write PRAGMA table_xinfo(…) with the name of a table.',
    );
  if (relations.boundary !== undefined) {
    if (database === 'temp' && name === runSchema) return undefined;
    // No table that is not the run's is named by the statement, so one is read for a view; of the statement itself SQLite asks so
    // for the whole table only, where the view has become part of it.
    if (readsView && database !== 'temp' && relations.isInFile(table) && (within !== null || second === ''))
      return undefined;
    if (catalogs.has(name))
      return refusal('relations', `${table} holds more than the tables of this run.`, 'Write FROM sqlite_schema.');
  }
  if (sqliteSystemRelations.has(name)) return undefined;
  // SQLite asks so for a query of a WITH, too, where no column of it is read.
  if (second === '' && !relations.isInFile(table) && !ownModules.test(name)) return undefined;
  return relations.scope.refuse(undefined, table);
};

/** Whether PRAGMA may tell of a table or an index. */
const checkPragma = (pragma: string, of: string, { boundary, scope }: SqliteRelations): Refusal | undefined => {
  if (boundary === undefined) return undefined;
  if (!boundary.isOwn(of)) return scope.refuse(undefined, of);
  return pragma === 'foreign_key_list' && boundary.leadsOutside(of)
    ? refusal('relations', `a key of ${of} leads to a table outside this run, which the list would name.`)
    : undefined;
};

const writes: Readonly<Record<number, string>> = {
  [constants.SQLITE_INSERT]: 'INSERT',
  [constants.SQLITE_UPDATE]: 'UPDATE',
  [constants.SQLITE_DELETE]: 'DELETE',
  [constants.SQLITE_ATTACH]: 'ATTACH',
  [constants.SQLITE_DETACH]: 'DETACH',
};

/** Whether SQLite may do it: what is not allowed by name is refused. */
export const authorizeAction = (
  action: SqliteAction,
  relations: SqliteRelations,
  rights: StatementRights = { readsView: false },
): Refusal | undefined => {
  const { code, first, second } = action;
  switch (code) {
    case constants.SQLITE_SELECT:
    case constants.SQLITE_RECURSIVE:
      return undefined;
    case constants.SQLITE_READ:
      return checkRead(action, relations, rights);
    case constants.SQLITE_FUNCTION: {
      const name = second ?? '';
      if (sqliteFunctions.has(foldAscii(name))) return undefined;
      return refusal('functions', `${name}() may not be called.`, 'Use functions that compute from their arguments.');
    }
    case constants.SQLITE_PRAGMA: {
      if (sqlitePragmas.has(foldAscii(first ?? '')) && second !== null)
        return checkPragma(foldAscii(first ?? ''), second, relations);
      return refusal(
        'settings',
        `PRAGMA ${first ?? ''} is not among ${[...sqlitePragmas].join(', ')}.`,
        'The settings are fixed.',
      );
    }
    default:
      return refusal(
        'read-only statements',
        `${writes[code] ?? 'What this statement does'} is not reading.`,
        'The database is read-only: compute what you need in a SELECT.',
      );
  }
};
