import { randomUUID } from 'node:crypto';
import {
  copyFileSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  closeSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { Failure } from '../../../../src/contracts/failure.ts';
import { isError, needsRecovery, sqliteError } from './sqlite-error.ts';

/** A file that is open. */
export type OpenedFile = {
  readonly database: DatabaseSync;
  /** Whether the file has changed under a reader that no lock protects. */
  isStale(): boolean;
  close(): void;
};

/** A file and its log up to this size are copied where they cannot be read in place. */
const mostCopiedBytes = 4 * 1024 * 1024 * 1024;

/** How long a writer is waited for. */
const busyMilliseconds = 5_000;

/** The longest text or row of bytes that a statement may make or read. */
export const mostValueBytes = 64 * 1024 * 1024;

const limits = {
  length: mostValueBytes,
  attach: 0,
  // A parameter would be NULL, for nobody gives it a value.
  variableNumber: 0,
  triggerDepth: 1,
};

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** The endings of a database's files: itself, and what a writer keeps beside it. */
const endings = ['', '-wal', '-journal'];

/**
 * Where a file really is: SQLite looks for the log beside that, not beside a link to it. Whatever would keep its reader
 * waiting, as a pipe does, is refused before SQLite opens it.
 */
const realPath = (path: string): string => {
  const real = realpathSync(path);
  for (const ending of endings)
    if (lstatSync(real + ending, { throwIfNoEntry: false })?.isFile() === false)
      throw new Failure(
        'DATABASE_UNREACHABLE',
        `${real}${ending} is not a regular file, so the database cannot be read. Move it away, or survey a copy.`,
      );
  return real;
};

/** What changes when somebody writes to a database. */
const stampOf = (path: string): string =>
  endings
    .map((ending) => statSync(path + ending, { throwIfNoEntry: false }))
    .map((stat) => (stat === undefined ? '' : `${stat.ino} ${stat.size} ${stat.mtimeMs}`))
    .join('|');

/** Whether the file says that its writers keep a write-ahead log beside it. */
const keepsLog = (path: string): boolean => {
  const header = Buffer.alloc(20);
  const opened = openSync(path, 'r');
  try {
    readSync(opened, header, 0, header.length, 0);
  } finally {
    closeSync(opened);
  }
  return header[18] === 2 || header[19] === 2;
};

const connect = (path: string, options: string, readOnly: boolean): DatabaseSync => {
  const database = new DatabaseSync(new URL(`${pathToFileURL(path).href}${options}`), {
    readOnly,
    timeout: busyMilliseconds,
    limits,
    defensive: true,
    allowExtension: false,
  });
  try {
    for (const setting of [
      // What a file's own schema calls must be harmless.
      'trusted_schema = OFF',
      'cell_size_check = ON',
      // What is sorted stays in memory, which is watched; a file that is unlinked while it is open would not be.
      'temp_store = MEMORY',
      'mmap_size = 0',
      ...(readOnly ? ['query_only = ON'] : []),
    ])
      database.exec(`PRAGMA ${setting}`);
    // Nothing is read before, so what is wrong with the file shows here.
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
};

/**
 * A copy that a writer's unfinished work is joined to, in a folder of the sandbox's. The files are copied while nobody writes
 * to them, or copied again.
 */
const openCopy = (path: string, folder: string): OpenedFile => {
  const bytes = endings.reduce((sum, ending) => sum + sizeOf(path + ending), 0);
  if (bytes > mostCopiedBytes)
    throw new Failure(
      'DATABASE_UNREACHABLE',
      `${path} has changes in a log beside it, and with ${Math.round(bytes / 1024 ** 3)} GiB it is too large to be copied. Run PRAGMA wal_checkpoint(TRUNCATE) on it, or survey a copy.`,
    );
  const place = join(folder, `sqlite-${randomUUID()}`);
  const copy = join(place, 'copy.sqlite');
  mkdirSync(place, { recursive: true, mode: 0o700 });
  const remove = (): void => rmSync(place, { recursive: true, force: true });
  try {
    for (let attempt = 1; ; attempt += 1) {
      const before = stampOf(path);
      for (const ending of endings) {
        rmSync(copy + ending, { force: true });
        if (sizeOf(path + ending) > 0) copyFileSync(path + ending, copy + ending);
      }
      if (stampOf(path) === before) break;
      if (attempt === 3)
        throw new Failure(
          'DATABASE_UNREACHABLE',
          `${path} was written to each time it was copied. Survey it when nobody writes, or survey a copy made by VACUUM INTO.`,
        );
    }
    const joined = connect(copy, '', false);
    joined.exec('PRAGMA journal_mode = DELETE');
    joined.close();
    const database = connect(copy, '', true);
    return {
      database,
      isStale: () => false,
      close: () => {
        database.close();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
};

/** In place, without locks: right as long as nobody writes, which the stamp tells. */
const openUnlocked = (path: string): OpenedFile => {
  const stamp = stampOf(path);
  const database = connect(path, '?immutable=1', true);
  return { database, isStale: () => stampOf(path) !== stamp, close: () => database.close() };
};

/**
 * Opens a file so that nothing is ever written beside it. A file without a log is read in place, under SQLite's own locks. One
 * with a write-ahead log is not: even a reader would make two files there, and leave them. If the log is empty, it is read
 * in place without locks; if not, a copy with the log joined to it is read.
 */
export const openFile = (given: string, folder: string): OpenedFile => {
  const path = realPath(given);
  if (keepsLog(path)) return sizeOf(`${path}-wal`) === 0 ? openUnlocked(path) : openCopy(path, folder);
  try {
    const database = connect(path, '', true);
    return { database, isStale: () => false, close: () => database.close() };
  } catch (error) {
    if (needsRecovery(sqliteError(error))) return openCopy(path, folder);
    throw error;
  }
};

/** Why a file could not be opened. */
export const openFailure = (path: string, thrown: unknown): Failure => {
  if (thrown instanceof Failure) return thrown;
  const error = sqliteError(thrown);
  if (isError(error, 'busy'))
    return new Failure(
      'DATABASE_UNREACHABLE',
      `${path} is locked: another process has been writing to it for more than ${busyMilliseconds / 1000} s. Wait for it, or survey a copy.`,
    );
  if (isError(error, 'corrupt') || isError(error, 'notADatabase'))
    return new Failure(
      'DATABASE_UNREACHABLE',
      `${path} is damaged: ${error.message}. The sqlite3 shell’s .recover may save what is left in it.`,
    );
  return new Failure('DATABASE_UNREACHABLE', `${path} cannot be opened: ${error.message}.`);
};
