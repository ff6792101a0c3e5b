import { mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { processSandbox } from '../../../../src/adapters/local/process-sandbox.ts';
import { ensurePythonEnvironment } from '../../../../src/adapters/local/python-environment.ts';
import type { Lease } from '../../../../src/contracts/sandbox.ts';
import { makeSqliteFile, type SqliteFile } from '../../../support/sqlite-file.ts';
import { takeLease } from '../../../support/take-lease.ts';

describe('the tables of a run as the boundary of a sandbox', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'surveyor-data-'));
  const python = (): Promise<string> =>
    ensurePythonEnvironment({
      cacheDir: join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'surveyor'),
      requirementsFile: fileURLToPath(new URL('../../../../runner-task/kernel/requirements.txt', import.meta.url)),
      onProgress: () => undefined,
    });
  const sandbox = processSandbox({ dataDir, python, warm: 0 });
  let file: SqliteFile;
  let lease: Lease;
  beforeAll(async () => {
    file = makeSqliteFile('shop.db');
    file.write(`
      CREATE TABLE salaries (id INTEGER PRIMARY KEY, secret INT); INSERT INTO salaries VALUES (1, 424242);
      CREATE TABLE orders (id INTEGER PRIMARY KEY, payee_id INT REFERENCES salaries); INSERT INTO orders VALUES (1, 1);`);
    lease = await takeLease(sandbox, 'acme', { kind: 'run', id: '01ARZ3NDEKTSV4RRFFQ69G5FAX' });
  }, 600_000);
  afterAll(async () => {
    await sandbox.close();
    file.remove();
    rmSync(dataDir, { recursive: true, force: true });
  });

  /** Opens the file for a run, with a session of its own, and says what was opened. */
  const open = async (tables?: readonly string[]) => {
    const target = { engine: 'files', path: file.path } as const;
    const opened = await sandbox.call(lease, 'open', { source: 'shop', target, ...(tables && { tables }) });
    await sandbox.call(lease, 'start_session', { agent: 'cataloging', statement_limit: 50 });
    return opened;
  };
  const printed = async (code: string): Promise<string> => {
    const { cell } = await sandbox.call(lease, 'execute_python', { agent: 'cataloging', code, seconds: 30 });
    return cell.stdout + (cell.error?.message ?? '');
  };

  /** Each way of Python’s to a table: its name in the list, as an expression, as one that is made by hand, in SQL. */
  const ways = [
    'print(db.tables, databases["shop"].tables, db)',
    'print(db.table("salaries").execute())',
    `import ibis
print(db.execute(ibis.table({"id": "int64", "secret": "int64"}, name="salaries")))`,
    `import ibis
print(ibis.table({"id": "int64", "secret": "int64"}, name="salaries", database="main").secret.sum().execute())`,
    'print(db.query("SELECT * FROM salaries"))',
    'print(db.query("SELECT name, sql FROM sqlite_master"))',
    `import ibis
orders = db.table("orders")
print(orders.join(ibis.table({"id": "int64", "secret": "int64"}, name="salaries"), orders.payee_id == ibis._.id).secret.execute())`,
  ];

  const told = /424242|2 tables|TABLE salaries/;

  it('holds for each way of Python’s, which gets through where the run has all tables', async () => {
    await open(['orders']);
    for (const way of ways) expect(`${way}\n${await printed(way)}`).not.toMatch(told);
    await open();
    for (const way of ways) expect(`${way}\n${await printed(way)}`).toMatch(told);
  });

  it('holds for SQL, and still does when the database was opened again', async () => {
    const opened = await open(['orders']);
    expect(opened).toMatchObject({ not_asked: 1, tables: [{ name: 'orders' }] });
    expect(JSON.stringify(opened)).not.toMatch(/salaries/);
    const sql = (text: string, origin: 'tool' | 'profile' = 'tool') =>
      sandbox.call(lease, 'execute_sql', {
        source: 'shop',
        sql: text,
        limits: { rows: 10, bytes: 10_000, seconds: 1 },
        origin,
      });
    const refused = {
      kind: 'STATEMENT_REFUSED',
      message: expect.stringContaining('not a table of this run') as string,
    };
    await expect(sql('SELECT * FROM salaries')).rejects.toMatchObject(refused);
    // What Surveyor plans itself has no other tables either.
    await expect(sql('SELECT * FROM salaries', 'profile')).rejects.toMatchObject(refused);
    // It works without a pause, so its process is killed, and the next statement opens the file once more.
    const endless = 'WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n';
    await expect(sql(endless)).rejects.toMatchObject({ kind: 'RUNNER_TIMEOUT' });
    await expect(sql('SELECT * FROM salaries')).rejects.toMatchObject(refused);
    expect((await sql('SELECT count(*) FROM orders')).table.values).toEqual([[1]]);
  });

  it('is another one when the source is opened anew for other tables', async () => {
    await open(['salaries']);
    expect(await printed('print(db.tables, db.query("SELECT secret FROM salaries").secret[0])')).toContain(
      "['salaries'] 424242",
    );
    expect(await printed('db.query("SELECT * FROM orders")')).toContain('not a table of this run');
  });
});
