import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, type Database } from '../../../../runner-task/supervisor/database.ts';
import { makeSqliteFile, type SqliteFile } from '../../../support/sqlite-file.ts';

const limits = { rows: 1_000, bytes: 1_000_000, seconds: 1 };
const text = "printf('%1000s', n)";

/** Statements that read, and have no end or no bound. */
const bombs = [
  ['an endless recursion', 'WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r', 1, 'RUNNER_TIMEOUT'],
  ['rows without an end', 'WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n FROM r WHERE n < 0', 1, 'RUNNER_TIMEOUT'],
  ['a pattern that runs away', "SELECT printf('%40s', '') || '!' REGEXP '^( +)+$'", 1, 'RUNNER_TIMEOUT'],
  ['a sort that fills the memory', `WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT ${text} AS t FROM r ORDER BY t`, 60, 'RUNNER_MEMORY'],
  ['a text that fills the memory', `WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r LIMIT 1000000) SELECT group_concat(${text}) FROM r`, 60, 'STATEMENT_FAILED'],
] as const; // prettier-ignore

describe('a statement in SQLite that has no bound', () => {
  let file: SqliteFile;
  let database: Database;
  let before: string;
  const fingerprint = (): string =>
    createHash('sha256')
      .update(readFileSync(file.path))
      .update(
        readdirSync(file.folder)
          .filter((name) => name !== 'spill')
          .join(),
      )
      .digest('hex');
  beforeAll(async () => {
    file = makeSqliteFile();
    file.write('CREATE TABLE t (a); INSERT INTO t VALUES (1)');
    before = fingerprint();
    const bounds = { memory_bytes: 64 * 1024 * 1024, spill_folder: join(file.folder, 'spill'), python: 'none' };
    database = createDatabase(bounds, file.folder);
    await database.open({ engine: 'sqlite', path: file.path });
  });
  afterAll(() => {
    database?.close();
    file.remove();
  });

  it.each(bombs)('ends: %s; and the next one is answered', async (_, sql, seconds, kind) => {
    const failure = await database.run(sql, { ...limits, seconds }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ kind });
    expect((await database.run('SELECT a FROM t', { ...limits, seconds: 60 })).values).toEqual([[1]]);
    expect(fingerprint()).toBe(before);
  });
});
