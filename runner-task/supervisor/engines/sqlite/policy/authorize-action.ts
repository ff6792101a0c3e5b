import { constants } from 'node:sqlite';
import type { RelationScope } from '../../../policy/relation-scope.ts';
import { refusal, type Refusal } from '../../../policy/verdict.ts';
import { sqliteFunctions, sqlitePragmas, sqliteSystemRelations } from './sqlite-functions.ts';

/** What SQLite is about to do for a statement, as it tells its authorizer. */
export type SqliteAction = {
  readonly code: number;
  readonly first: string | null;
  readonly second: string | null;
  readonly database: string | null;
};

/** The tables of a database, and what else stands in its file under a name and may not be read. */
export type SqliteRelations = {
  readonly scope: RelationScope;
  readonly isInFile: (name: string) => boolean;
  /** Whether some of it are virtual tables, which must not be started. */
  readonly hasVirtual: boolean;
};

/** Modules whose tables are there without being made. */
const ownModules = /^(sqlite_|pragma_|fts|rtree|geopoly|dbstat)/;

const checkRead = ({ first, second, database }: SqliteAction, relations: SqliteRelations): Refusal | undefined => {
  const table = first ?? '';
  const name = table.toLowerCase();
  if (relations.scope.has(undefined, table) && database !== 'temp') return undefined;
  // What such a function is asked for can be computed while it runs, and what it is asked for is started.
  if (relations.hasVirtual && name.startsWith('pragma_') && sqliteSystemRelations.has(name))
    return refusal(
      'relations',
      `${table} could start a virtual table, of which this file has some.`,
      'Write PRAGMA table_xinfo(…) with the name of a table.',
    );
  if (sqliteSystemRelations.has(name)) return undefined;
  // SQLite asks so for a query of a WITH, too, where no column of it is read.
  if (second === '' && !relations.isInFile(table) && !ownModules.test(name)) return undefined;
  return relations.scope.refuse(undefined, table);
};

const writes: Readonly<Record<number, string>> = {
  [constants.SQLITE_INSERT]: 'INSERT',
  [constants.SQLITE_UPDATE]: 'UPDATE',
  [constants.SQLITE_DELETE]: 'DELETE',
  [constants.SQLITE_ATTACH]: 'ATTACH',
  [constants.SQLITE_DETACH]: 'DETACH',
};

/** Whether SQLite may do it: what is not allowed by name is refused. */
export const authorizeAction = (action: SqliteAction, relations: SqliteRelations): Refusal | undefined => {
  const { code, first, second } = action;
  switch (code) {
    case constants.SQLITE_SELECT:
    case constants.SQLITE_RECURSIVE:
      return undefined;
    case constants.SQLITE_READ:
      return checkRead(action, relations);
    case constants.SQLITE_FUNCTION: {
      const name = second ?? '';
      if (sqliteFunctions.has(name.toLowerCase())) return undefined;
      return refusal('functions', `${name}() may not be called.`, 'Use functions that compute from their arguments.');
    }
    case constants.SQLITE_PRAGMA: {
      if (sqlitePragmas.has((first ?? '').toLowerCase()) && second !== null) return undefined;
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
