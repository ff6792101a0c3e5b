import { mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { processSandbox } from '../../../../src/adapters/local/process-sandbox.ts';
import { ensurePythonEnvironment } from '../../../../src/adapters/local/python-environment.ts';
import type { Lease, SandboxOutput } from '../../../../src/contracts/sandbox.ts';
import { makeSqliteFile, type SqliteFile } from '../../../support/sqlite-file.ts';
import { takeLease } from '../../../support/take-lease.ts';

describe('a sandbox with a SQLite file', () => {
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
      CREATE TABLE orders (id INTEGER PRIMARY KEY, price REAL, at DATETIME, day DATE, size TEXT, odd INTEGER, tag BLOB);
      INSERT INTO orders SELECT value, value + 0.25, datetime('2024-01-01', value || ' days'), date('2024-01-01', value || ' days'),
        CASE WHEN value % 2 = 0 THEN 'small' ELSE 'large' END, CASE WHEN value = 3 THEN 'three' ELSE value END, x'ff'
        FROM json_each('[1,2,3,4,5,6,7,8,9,10]');
      CREATE TABLE "2024.rates" (size TEXT, rate INTEGER); INSERT INTO "2024.rates" VALUES ('small', 2);`);
    lease = await takeLease(sandbox, 'acme', { kind: 'run', id: '01ARZ3NDEKTSV4RRFFQ69G5FAX' });
    await sandbox.call(lease, 'open', { source: 'shop', target: { engine: 'files', path: file.path } });
    await sandbox.call(lease, 'start_session', { agent: 'cataloging', statement_limit: 50 });
  }, 600_000);
  afterAll(async () => {
    await sandbox.close();
    file.remove();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const cell = async (code: string): Promise<SandboxOutput<'execute_python'>['cell']> =>
    (await sandbox.call(lease, 'execute_python', { agent: 'cataloging', code, seconds: 30 })).cell;

  it('gives Python DataFrames with the types that the values have', async () => {
    const { error, stdout } = await cell(`
frame = db.query('SELECT * FROM orders ORDER BY id LIMIT 3')
print([str(t) for t in frame.dtypes]); print(*frame.iloc[2])`);
    expect(error).toBeUndefined();
    expect(stdout).toBe(
      `['int64', 'float64', 'datetime64[us]', 'datetime64[us]', 'str', 'str', 'str']\n` +
        `3 3.25 2024-01-04 00:00:00 2024-01-04 00:00:00 large three X'FF'\n`,
    );
  });

  it('runs ibis expressions in SQLite’s SQL', async () => {
    const { error, stdout } = await cell(`
orders, rates = db.table("orders"), db.table('"2024.rates"')
spent = orders.group_by("size").agg(spent=orders.price.sum(), last=orders.at.max().strftime("%Y")).order_by("size").execute()
print(spent.to_dict("records"))
print(orders.inner_join(rates, "size").count().execute(), orders.filter(orders.at >= "2024-01-10").id.max().execute())
print(orders.price.std().execute().round(4))`);
    expect(error).toBeUndefined();
    expect(stdout).toBe(
      `[{'size': 'large', 'spent': 26.25, 'last': '2024'}, {'size': 'small', 'spent': 31.25, 'last': '2024'}]\n` +
        '5 10\n3.0277\n',
    );
  });

  it('is refused what a sandbox does not do', async () => {
    const { stdout } = await cell(`
for sql in ("DELETE FROM orders", "ATTACH '/tmp/x.db' AS x", "SELECT load_extension('x')", "PRAGMA writable_schema = 1"):
    try: print(db.query(sql))
    except db.Failure as failure: print(failure.kind)`);
    expect(stdout).toBe('STATEMENT_REFUSED\n'.repeat(4));
  });
});
