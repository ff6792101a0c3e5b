import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/contracts/engine.ts';
import { isMissing, needsOf } from '../support/is-missing.ts';
import { createLargeDatabase, type LargeDatabase } from '../support/large-database.ts';
import { loadLargeDatabase, writeLargeDuckdb } from '../support/load-large-database.ts';
import { type LocalService, startLocalService } from '../support/local-service.ts';
import { startMariadb } from '../support/mariadb-server.ts';
import { startPostgres } from '../support/postgres-server.ts';
import { makeSqliteFile } from '../support/sqlite-file.ts';
import { grantReader } from '../support/server-session.ts';
import { surveyLargeDatabase } from './survey-large-database.ts';

/** Puts a database where a survey finds it. */
type Place = (database: LargeDatabase) => Promise<{ readonly address: string; readonly remove: () => Promise<void> }>;

const onServer =
  (engine: 'postgres' | 'mysql'): Place =>
  async (database) => {
    const server = await (engine === 'postgres' ? startPostgres() : startMariadb());
    await loadLargeDatabase(database, (sql) => server.run(sql), engine === 'postgres' ? 'timestamp' : 'datetime');
    await server.run(grantReader(engine, 'app'));
    return { address: server.url('app', 'reader', 'reads only'), remove: () => server.stop() };
  };

const places: Readonly<Record<Engine, Place>> = {
  duckdb: async (database) => {
    const folder = mkdtempSync(join(tmpdir(), 'surveyor-large-'));
    const path = join(folder, 'large.duckdb');
    await writeLargeDuckdb(database, path);
    return { address: `duckdb://${path}`, remove: async () => rmSync(folder, { recursive: true }) };
  },
  sqlite: async (database) => {
    const file = makeSqliteFile();
    await loadLargeDatabase(
      database,
      async (sql) => {
        file.write(sql);
        // A minute without a pause, and this process would not see that the service has closed a connection.
        await setImmediate();
      },
      'datetime',
    );
    return { address: `sqlite://${file.path}`, remove: async () => file.remove() };
  },
  postgres: onServer('postgres'),
  mysql: onServer('mysql'),
};

/** Each with flaws in other places. */
const surveys = [
  { engine: 'duckdb', tables: 8, seed: 11 },
  { engine: 'duckdb', tables: 60, seed: 12 },
  { engine: 'duckdb', tables: 150, seed: 13 },
  { engine: 'sqlite', tables: 8, seed: 11 },
  { engine: 'sqlite', tables: 60, seed: 12 },
  { engine: 'postgres', tables: 8, seed: 14 },
  { engine: 'postgres', tables: 60, seed: 15 },
  { engine: 'mysql', tables: 8, seed: 16 },
  { engine: 'mysql', tables: 60, seed: 17 },
] as const satisfies readonly { readonly engine: Engine; readonly tables: number; readonly seed: number }[];

describe('a large database with 30 planted flaws', () => {
  let local: LocalService;
  beforeAll(async () => {
    local = await startLocalService();
  });
  afterAll(() => local?.close());

  for (const { engine, tables, seed } of surveys) {
    it.skipIf(isMissing(...needsOf[engine]))(
      `is looked at whole where ${engine} holds ${tables} tables: all are found, nothing else is, nothing is left out`,
      { timeout: 600_000 },
      async () => {
        const database = createLargeDatabase({ tables, seed });
        const { address, remove } = await places[engine](database);
        try {
          const { found, planted, notLookedAt } = await surveyLargeDatabase(local, database, address);
          expect(planted.length).toBeGreaterThanOrEqual(30);
          expect(found).toEqual(planted);
          expect(notLookedAt).toEqual([]);
        } finally {
          await remove();
        }
      },
    );
  }
});
