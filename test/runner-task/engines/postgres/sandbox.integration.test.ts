import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { processSandbox } from '../../../../src/adapters/local/process-sandbox.ts';
import { ensurePythonEnvironment } from '../../../../src/adapters/local/python-environment.ts';
import { connect, type PostgresConnection } from '../../../../runner-task/supervisor/engines/postgres/connect.ts';
import { heldByRun, type Lease, type SandboxOutput } from '../../../../src/contracts/sandbox.ts';
import { isMissing } from '../../../support/is-missing.ts';
import { startPostgres, type PostgresServer } from '../../../support/postgres-server.ts';
import { processesBelow } from '../../../support/processes-below.ts';
import { limits, outcomeOf, targetOf } from './postgres-target.ts';
import { takeLease } from '../../../support/take-lease.ts';

const project = (path: string): string => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));
const password = 'a-pass w0rd:nobody/sees';
const runId = '01ARZ3NDEKTSV4RRFFQ69G5FAX';
const endless =
  'SELECT count(*) FROM generate_series(1, 10000000) a, generate_series(1, 10000000) b WHERE a % 7 = b % 3';

describe.skipIf(isMissing('postgres'))('a sandbox with a PostgreSQL database and a DuckDB file', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'surveyor-data-'));
  const python = (): Promise<string> =>
    ensurePythonEnvironment({
      cacheDir: join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'surveyor'),
      requirementsFile: project('runner-task/kernel/requirements.txt'),
      onProgress: () => undefined,
    });
  const sandbox = processSandbox({ dataDir, python, warm: 0 });
  let server: PostgresServer;
  let watcher: PostgresConnection;
  let lease: Lease;

  beforeAll(async () => {
    server = await startPostgres();
    await server.run(`
      CREATE TYPE size AS ENUM ('small', 'large'); CREATE SCHEMA "Sales";
      CREATE TABLE "Sales".orders (id bigint PRIMARY KEY, price numeric(10, 2), at timestamptz, size size, tags text[]);
      INSERT INTO "Sales".orders SELECT i, i + 0.25, timestamptz '2024-01-01 00:00+00' + i * interval '1 day',
        CASE WHEN i % 2 = 0 THEN 'small' ELSE 'large' END::size, ARRAY['a', NULL] FROM generate_series(1, 10) i;
      CREATE ROLE reader LOGIN PASSWORD '${password}';
      GRANT USAGE ON SCHEMA "Sales" TO reader; GRANT SELECT ON "Sales".orders TO reader;`);
    watcher = await connect(targetOf(server));
    const file = join(dataDir, 'rates.duckdb');
    const instance = await DuckDBInstance.create(file);
    const connection = await instance.connect();
    await connection.run(`CREATE TABLE rates AS SELECT 'small' AS size, 2 AS rate`);
    connection.closeSync();
    instance.closeSync();
    lease = await takeLease(sandbox, 'acme', heldByRun(runId));
    await sandbox.call(lease, 'open', { source: 'app', target: targetOf(server, { user: 'reader', password }) });
    await sandbox.call(lease, 'open', { source: 'rates', target: { engine: 'duckdb', path: file } });
    await sandbox.call(lease, 'start_session', { agent: 'cataloging', statement_limit: 50 });
  }, 600_000);
  afterAll(async () => {
    watcher?.destroy();
    await sandbox.close();
    await server?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const sql = (text: string, more: Partial<typeof limits> = {}): Promise<SandboxOutput<'execute_sql'>> =>
    sandbox.call(lease, 'execute_sql', { source: 'app', sql: text, limits: { ...limits, ...more }, origin: 'tool' });
  const cell = async (code: string): Promise<SandboxOutput<'execute_python'>['cell']> =>
    (await sandbox.call(lease, 'execute_python', { agent: 'cataloging', code, seconds: 30 })).cell;
  const activePids = async (): Promise<readonly number[]> => {
    const row = z.object({ pid: z.number() });
    const text = `SELECT pid FROM pg_stat_activity WHERE usename = 'reader' AND state = 'active'`;
    return (await watcher.ask(row, text)).map(({ pid }) => pid);
  };

  it('gives Python DataFrames with types', async () => {
    const frame = await cell(`
frame = db.query('SELECT * FROM "Sales".orders ORDER BY id LIMIT 2')
print([str(t) for t in frame.dtypes]); print(*frame.iloc[0])`);
    expect(frame.error).toBeUndefined();
    expect(frame.stdout).toBe(
      `['int64', 'float64', 'datetime64[us, UTC]', 'str', 'object']\n` +
        `1 1.25 2024-01-02 00:00:00+00:00 large ['a', None]\n`,
    );
  });

  it('runs ibis expressions in each one’s own SQL, and joins what came of them', async () => {
    const joined = await cell(`
orders = db.table("Sales.orders")
spent = orders.group_by("size").agg(spent=orders.price.sum(), last=orders.at.max().strftime("%Y")).order_by("size").execute()
rates = databases["rates"].table("rates").execute()
print(spent.merge(rates, on="size").to_dict("records"))`);
    expect(joined.error).toBeUndefined();
    expect(joined.stdout).toBe(`[{'size': 'small', 'spent': 31.25, 'last': '2024', 'rate': 2}]\n`);
  });

  it('opens the database again after its process was killed, and runs the statement once more', async () => {
    const busy = outcomeOf(sql(endless, { seconds: 3 }));
    await expect.poll(activePids).toHaveLength(1);
    const databases = processesBelow(join(dataDir, 'sandboxes', lease.lease_id)).filter(({ command }) =>
      command.includes('database-process'),
    );
    expect(databases).toHaveLength(2);
    databases.forEach(({ pid }) => process.kill(pid, 'SIGKILL'));
    // The second time it is not killed, and ends at its own limit.
    expect(await busy).toMatch(/^RUNNER_TIMEOUT: /);
    expect((await sql('SELECT count(*) FROM "Sales".orders')).table.values).toEqual([[10]]);
    await expect.poll(activePids, { timeout: 20_000, interval: 200 }).toEqual([]);
  });

  it('shows the password to nobody: not in lists of processes, files, answers, evidence or Python', async () => {
    const wrong = targetOf(server, { user: 'reader', password: `${password}!` });
    const said = [
      await outcomeOf(sandbox.call(lease, 'open', { source: 'wrong', target: wrong })),
      JSON.stringify(await sandbox.call(lease, 'evidence', { after: 0 })),
      // In halves, so that the code itself is not what is found.
      (
        await cell(`
import glob
seen = str(globals()) + str(databases["app"].__dict__)
for path in glob.glob("/proc/[0-9]*/cmdline") + glob.glob("/proc/[0-9]*/environ"):
    try: seen += open(path, errors="replace").read()
    except OSError: pass
"${password.slice(0, 8)}" + "${password.slice(8)}" in seen`)
      ).result,
    ];
    expect(said[0]).toMatch(/^DATABASE_REFUSED: /);
    expect(said[2]).toBe('False');
    expect(said.join('\n')).not.toContain(password);
    const files = readdirSync(dataDir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    for (const { parentPath, name } of files) {
      expect(readFileSync(join(parentPath, name)).includes(password)).toBe(false);
    }
  });

  it('leaves no statement running at the server when it is released in the middle of one', async () => {
    const busy = outcomeOf(sql(endless, { seconds: 3 }));
    await expect.poll(activePids).toHaveLength(1);
    await sandbox.release(lease);
    expect(await busy).toMatch(/^SANDBOX_LOST: /);
    // Nobody is left to cancel it: the server's own limit of time ends it.
    await expect.poll(activePids, { timeout: 20_000, interval: 200 }).toEqual([]);
  });
});
