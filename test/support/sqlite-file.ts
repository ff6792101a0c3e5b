import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqlite } from '../../runner-task/supervisor/engines/sqlite/open-sqlite.ts';
import type { OpenEngine } from '../../runner-task/supervisor/engines/open-engine.ts';

/** A SQLite file of a test, in a folder of its own. */
export type SqliteFile = {
  readonly folder: string;
  readonly path: string;
  /** Runs SQL with the right to write. */
  write(script: string): void;
  /** Opens it as a database process does. */
  open(): Promise<OpenEngine>;
  remove(): void;
};

/** Makes an empty one. */
export const makeSqliteFile = (name = 'test.sqlite'): SqliteFile => {
  const folder = mkdtempSync(join(tmpdir(), 'surveyor-sqlite-'));
  const path = join(folder, name);
  const write = (script: string): void => {
    const database = new DatabaseSync(path);
    try {
      database.exec(script);
    } finally {
      database.close();
    }
  };
  // An empty file has no header yet.
  write('CREATE TABLE made (x); DROP TABLE made');
  return {
    folder,
    path,
    write,
    open: () =>
      openSqlite(
        { engine: 'sqlite', path },
        { memory_bytes: 256 * 1024 * 1024, spill_folder: join(folder, 'spill'), python: 'none' },
      ),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};
