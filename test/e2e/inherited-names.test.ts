import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Engine } from '../../src/contracts/engine.ts';
import { engineSql } from '../../src/domain/engines/registry.ts';
import { isMissing, needsOf } from '../support/is-missing.ts';
import { type LocalService, startLocalService } from '../support/local-service.ts';
import { startMariadb } from '../support/mariadb-server.ts';
import { startPostgres } from '../support/postgres-server.ts';
import { grantReader } from '../support/server-session.ts';
import { makeSqliteFile } from '../support/sqlite-file.ts';
import { type SurveyedDatabase, surveyDatabase } from '../support/survey-database.ts';

/** Names that every object of JavaScript has already, and a database may have too. */
const names = ['__proto__', 'constructor', 'toString'];

/** Tables with each name, of columns with each name; each column is NULL in another number of 40 rows, the first in none. */
const scriptOf = (engine: Engine): string => {
  const { quoteName } = engineSql[engine].names;
  const columns = names.map(quoteName);
  const rows = Array.from(
    { length: 40 },
    (_, row) => `(${row}, ${row < 10 ? 'NULL' : row % 7}, ${row < 20 ? 'NULL' : row % 5})`,
  );
  return columns
    .flatMap((table) => [
      `CREATE TABLE ${table} (${columns.map((column, at) => `${column} INTEGER${at === 0 ? ' PRIMARY KEY' : ''}`).join(', ')})`,
      `INSERT INTO ${table} VALUES ${rows.join(', ')}`,
    ])
    .join(';\n');
};

type Made = { readonly url: string; remove(): unknown };

const make: { readonly [E in Engine]: () => Promise<Made> } = {
  duckdb: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'surveyor-inherited-'));
    const path = join(folder, 'names.duckdb');
    const instance = await DuckDBInstance.create(path);
    const connection = await instance.connect();
    await connection.run(scriptOf('duckdb'));
    connection.closeSync();
    instance.closeSync();
    return { url: `duckdb://${path}`, remove: () => rmSync(folder, { recursive: true, force: true }) };
  },
  sqlite: async () => {
    const file = makeSqliteFile();
    file.write(scriptOf('sqlite'));
    return { url: `sqlite://${file.path}`, remove: () => file.remove() };
  },
  postgres: async () => {
    const server = await startPostgres();
    await server.run(scriptOf('postgres'), 'app');
    await server.run(grantReader('postgres', 'app'), 'app');
    return { url: server.url('app', 'reader', 'reads only'), remove: () => server.stop() };
  },
  mysql: async () => {
    const server = await startMariadb();
    await server.run(scriptOf('mysql'), 'app');
    await server.run(grantReader('mysql', 'app'), 'app');
    return { url: server.url('app', 'reader', 'reads only'), remove: () => server.stop() };
  },
};

describe.each(Engine.options)('a survey of tables and columns with names that every object has, on %s', (engine) => {
  describe.skipIf(isMissing(...needsOf[engine]))('where it can be had', () => {
    let made: Made;
    let local: LocalService;
    let surveyed: SurveyedDatabase;
    beforeAll(async () => {
      [made, local] = await Promise.all([make[engine](), startLocalService()]);
      surveyed = await surveyDatabase(local, made.url, 240);
    }, 300_000);
    afterAll(async () => {
      await local?.close();
      await made?.remove();
    });

    it('measures each as any other', () => {
      expect(surveyed.failed).toEqual({});
      const figures = surveyed.profile.tables.map(({ table, rows, columns }) => [
        table,
        rows.count,
        columns.map(({ name, nulls }) => [name, nulls.count]),
      ]);
      const columns = names.map((column, at) => [column, at * 10]);
      expect(figures).toHaveLength(names.length);
      expect(figures).toEqual(expect.arrayContaining(names.map((table) => [table, 40, columns])));
    });

    it('can be asked for one of them alone', async () => {
      const { run_id } = await local.api.createCatalog({
        db_conn_string: made.url,
        s3_prefix: 'one',
        tables: ['__proto__'],
      });
      const run = await local.ended(run_id, 240);
      expect([run.status, run.failure]).toEqual(['succeeded', undefined]);
    }, 300_000);
  });
});
