import { DatabaseSync } from 'node:sqlite';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import { runStatement } from '../../../runner-task/supervisor/engines/duckdb/run-statement.ts';
import { createSqlitePolicy } from '../../../runner-task/supervisor/engines/sqlite/policy/sqlite-policy.ts';
import { refusalText } from '../../../runner-task/supervisor/policy/verdict.ts';

const definition = ['CREATE TABLE not_there (a INTEGER)', 'CREATE VIEW v_not_there AS SELECT a FROM not_there'];
const told =
  'A view that is read here is broken: its definition reads not_there, which does not exist in the database. Create not_there again, or drop the view.';

describe('a view whose table was dropped', () => {
  it('is told as such by SQLite, and a table that is named as one that is not of the run', async () => {
    const database = new DatabaseSync(':memory:');
    for (const sql of [...definition, 'DROP TABLE not_there']) database.exec(sql);
    const policy = createSqlitePolicy({
      database,
      tables: [{ name: 'v_not_there', table: 'v_not_there' }],
      default_schema: 'main',
      unreadable: [],
      names: ['v_not_there'],
    });
    const said = async (sql: string): Promise<string> => {
      const verdict = await policy.judge(sql);
      return verdict.allowed ? 'allowed' : refusalText(verdict);
    };
    expect(await said('SELECT count(*) FROM v_not_there')).toBe(told);
    expect(await said('SELECT count(*) FROM not_there')).toMatch(
      /^Rule "relations": not_there is not a table of this run/,
    );
    policy.close();
    database.close();
  });

  it('is told as such by DuckDB, and a table that is named in its own words', async () => {
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    for (const sql of [...definition, 'DROP TABLE not_there']) await connection.run(sql);
    const run = async (sql: string) => runStatement(connection, sql, { rows: 10, bytes: 1_000 });
    await expect(run('SELECT count(*) FROM v_not_there')).rejects.toMatchObject({
      kind: 'STATEMENT_FAILED',
      message: told,
    });
    await expect(run('SELECT count(*) FROM not_there')).rejects.toThrow(/^Catalog Error: Table with name not_there/);
    connection.closeSync();
    instance.closeSync();
  });
});
