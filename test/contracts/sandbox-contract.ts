import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Failure } from '../../src/contracts/failure.ts';
import {
  heldByRun,
  type CellResult,
  type Lease,
  type LeaseHolder,
  type SandboxOutput,
} from '../../src/contracts/sandbox.ts';
import { sandboxOperations } from '../../src/contracts/sandbox.ts';
import type { DatabaseSchema } from '../../src/contracts/schema.ts';
import type { Sandbox } from '../../src/ports/sandbox.ts';
import { takeLease } from '../support/take-lease.ts';

/** A way to sandboxes that can read files of this machine. */
export type SandboxSubject = { readonly sandbox: Sandbox; close(): Promise<void> };

/** How many sandboxes a subject may have at once: 4 where it is not said. */
export type SandboxPlaces = { readonly most?: number };

const runIds = ['01ARZ3NDEKTSV4RRFFQ69G5FA0', '01ARZ3NDEKTSV4RRFFQ69G5FA1', '01ARZ3NDEKTSV4RRFFQ69G5FA2'] as const;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const limits = { rows: 1_000, bytes: 1_000_000, seconds: 20 };

const makeShop = async (path: string): Promise<void> => {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  await connection.run(`
    CREATE TABLE customers (id INTEGER PRIMARY KEY, name VARCHAR UNIQUE, joined DATE NOT NULL);
    COMMENT ON TABLE customers IS 'who buys';
    COMMENT ON COLUMN customers.joined IS 'first order';
    CREATE TABLE orders (id BIGINT PRIMARY KEY, customer INTEGER REFERENCES customers (id), price DECIMAL(10, 2));
    CREATE VIEW dear AS SELECT * FROM orders WHERE price > 50;
    CREATE SCHEMA old; CREATE TABLE old."order items" (n INTEGER);
    INSERT INTO customers SELECT i, 'customer ' || i, DATE '2024-01-01' + i::INTEGER FROM range(20) t(i);
    INSERT INTO orders SELECT i, CASE WHEN i % 10 = 0 THEN NULL ELSE i % 20 END, i + 0.25 FROM range(100) t(i);
    INSERT INTO old."order items" VALUES (7);
  `);
  connection.closeSync();
  instance.closeSync();
};

/** What every sandbox must do, whatever it is made of. */
export const describeSandboxContract = (
  name: string,
  makeSubject: (places: SandboxPlaces) => Promise<SandboxSubject>,
): void => {
  describeQueueContract(name, makeSubject);

  describe(`${name} as a sandbox`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'surveyor-sandbox-contract-'));
    const shop = join(folder, 'shop.duckdb');
    let subject: SandboxSubject;
    let lease: Lease;
    let schema: DatabaseSchema;

    const sql = (text: string, more: Partial<typeof limits> = {}): Promise<SandboxOutput<'execute_sql'>> =>
      subject.sandbox.call(lease, 'execute_sql', {
        source: 'shop',
        sql: text,
        limits: { ...limits, ...more },
        origin: 'tool',
      });
    const startSession = (agent = 'cataloging', statement_limit = 50): Promise<SandboxOutput<'start_session'>> =>
      subject.sandbox.call(lease, 'start_session', { agent, statement_limit });
    const execute = (code: string, seconds = 30, agent = 'cataloging'): Promise<SandboxOutput<'execute_python'>> =>
      subject.sandbox.call(lease, 'execute_python', { agent, code, seconds });
    const cell = async (code: string, seconds?: number): Promise<CellResult> => (await execute(code, seconds)).cell;
    /** The number before the last 50: a page holds 200, which a whole suite exceeds. */
    const acknowledged = async (): Promise<number> =>
      Math.max(0, (await subject.sandbox.call(lease, 'evidence', { after: 0 })).last - 50);
    const column = async (text: string): Promise<unknown> => (await sql(text)).table.values[0];

    beforeAll(async () => {
      await makeShop(shop);
      subject = await makeSubject({});
      lease = await takeLease(subject.sandbox, 'acme', heldByRun(runIds[0]));
      schema = await subject.sandbox.call(lease, 'open', { source: 'shop', target: { engine: 'duckdb', path: shop } });
    }, 600_000);
    afterAll(async () => {
      await subject?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    describe('leases', () => {
      const take = (tenant: string, runId: string, attempt = 1): Promise<Lease> =>
        takeLease(subject.sandbox, tenant, heldByRun(runId), attempt);
      const living = (of: Lease): Promise<unknown> => subject.sandbox.call(of, 'ping', {});

      it('gives who asks again in the same attempt the one it has, at the same time too', async () => {
        expect(await take('acme', runIds[0])).toEqual(lease);
        const [first, same] = await Promise.all([take('acme', runIds[2]), take('acme', runIds[2])]);
        try {
          expect(same).toEqual(first);
          expect(first).toMatchObject({ tenant: 'acme', holder: heldByRun(runIds[2]) });
          expect(await take('acme', runIds[2])).toEqual(first);
        } finally {
          await subject.sandbox.release(first);
        }
      });

      it('answers within about 20 s how far the holder is, with a moment to ask again', async () => {
        const holder = heldByRun(runIds[2]);
        const asked = performance.now();
        const taken = await subject.sandbox.take('acme', holder, 1);
        expect(performance.now() - asked).toBeLessThan(25_000);
        const seconds = taken.state === 'ready' ? 1 : taken.wait_seconds;
        expect(seconds).toSatisfy(() => Number.isInteger(seconds) && seconds > 0 && seconds <= 60);
        await subject.sandbox.abandon('acme', holder);
      });

      it('gives a later attempt one of its own, ends that of the one before, and refuses what comes late', async () => {
        const before = await take('acme', runIds[2], 1);
        const after = await take('acme', runIds[2], 2);
        try {
          expect(after.lease_id).not.toBe(before.lease_id);
          await expect(living(before)).rejects.toMatchObject({ kind: 'SANDBOX_LOST' });
          await expect(take('acme', runIds[2], 1)).rejects.toMatchObject({ kind: 'CONFLICT' });
          // Nor does a release of the earlier attempt's reach this one.
          await subject.sandbox.release(before);
          expect(await living(after)).toHaveProperty('leased');
        } finally {
          await subject.sandbox.release(after);
        }
      });

      it('refuses the token of one lease at the sandbox of another, which goes on undisturbed', async () => {
        const other = await take('umbrella', runIds[1]);
        try {
          expect(other.token).not.toBe(lease.token);
          for (const stolen of [
            { ...lease, token: other.token },
            { ...other, token: lease.token },
          ]) {
            await expect(living(stolen)).rejects.toMatchObject({ kind: 'UNAUTHENTICATED' });
          }
          // Nor does anything of the first sandbox's database reach the second.
          await expect(
            subject.sandbox.call(other, 'execute_sql', {
              source: 'shop',
              sql: 'FROM customers',
              limits,
              origin: 'tool',
            }),
          ).rejects.toMatchObject({ kind: 'CONFLICT' });
          expect(await living(lease)).toEqual({ leased: true });
        } finally {
          await subject.sandbox.release(other);
        }
        await expect(living(other)).rejects.toMatchObject({ kind: 'SANDBOX_LOST' });
      });

      it('gives a conversation one of its own, which the end of a run of the same id does not take', async () => {
        const holder = { kind: 'conversation', id: runIds[2] } as const;
        const held = await takeLease(subject.sandbox, 'acme', holder);
        try {
          expect(held).toMatchObject({ tenant: 'acme', holder });
          expect(held.lease_id).not.toBe(lease.lease_id);
          await subject.sandbox.abandon('acme', heldByRun(runIds[2]));
          expect(await living(held)).toEqual({ leased: false });
        } finally {
          await subject.sandbox.abandon('acme', holder);
        }
        await expect(living(held)).rejects.toMatchObject({ kind: 'SANDBOX_LOST' });
      });

      it('releases nothing to a tenant whose lease it is not', async () => {
        await subject.sandbox.release({ ...lease, tenant: 'umbrella' });
        await subject.sandbox.release({ ...lease, token: 'x'.repeat(43) });
        expect(await living(lease)).toEqual({ leased: true });
      });

      it('releases twice without complaint, and gives another afterwards', async () => {
        const first = await take('acme', runIds[2]);
        await subject.sandbox.release(first);
        await subject.sandbox.release(first);
        await expect(living(first)).rejects.toMatchObject({ kind: 'SANDBOX_LOST' });
        const second = await take('acme', runIds[2]);
        expect(second.lease_id).not.toBe(first.lease_id);
        await subject.sandbox.abandon('acme', heldByRun(runIds[2]));
        await expect(living(second)).rejects.toMatchObject({ kind: 'SANDBOX_LOST' });
        await subject.sandbox.abandon('acme', heldByRun(runIds[2]));
      });
    });

    describe('the schema', () => {
      it('tells tables, views, columns, keys, comments and row counts', () => {
        expect(sandboxOperations.open.output.parse(schema)).toEqual(schema);
        expect(schema.engine).toBe('duckdb');
        expect(schema.tables.map(({ name: table, kind }) => [table, kind])).toEqual([
          ['customers', 'table'],
          ['dear', 'view'],
          ['orders', 'table'],
          ['old.order items', 'table'],
        ]);
        const [customers, , orders] = schema.tables;
        expect(customers).toMatchObject({
          comment: 'who buys',
          estimated_rows: 20,
          columns: [
            { name: 'id', type: 'INTEGER', nullable: false },
            { name: 'name', type: 'VARCHAR', nullable: true },
            { name: 'joined', type: 'DATE', nullable: false, comment: 'first order' },
          ],
          constraints: expect.arrayContaining([
            { kind: 'primary_key', columns: ['id'] },
            { kind: 'unique', columns: ['name'] },
          ]),
        });
        expect(orders?.constraints).toContainEqual({
          kind: 'foreign_key',
          columns: ['customer'],
          references: { table: 'customers', columns: ['id'] },
        });
      });

      it('says what is wrong with a database that cannot be opened', async () => {
        const noDatabase = join(folder, 'notes.duckdb');
        writeFileSync(noDatabase, 'these are notes, not a database'.repeat(1_000));
        const locked = join(folder, 'locked.duckdb');
        const writer = await DuckDBInstance.create(locked);
        const beginOf = (path: string): Promise<unknown> =>
          subject.sandbox.call(lease, 'open', { source: 'shop', target: { engine: 'duckdb', path } }).then(
            () => 'opened',
            ({ kind, message }: { kind: string; message: string }) => `${kind}: ${message}`,
          );
        try {
          expect(await beginOf(join(folder, 'gone.duckdb'))).toMatch(/^DATABASE_UNREACHABLE: .*gone.*no such file/);
          expect(await beginOf(noDatabase)).toMatch(/^DATABASE_UNREACHABLE: .*not a DuckDB database file/);
          expect(await beginOf(folder)).toMatch(/^DATABASE_UNREACHABLE: .*is a folder.*file:\/\//);
          expect(await beginOf('shop.duckdb')).toMatch(/^DATABASE_UNREACHABLE: .*relative/);
          expect(await beginOf(locked)).toMatch(/^DATABASE_UNREACHABLE: .*locked.*another process/);
        } finally {
          writer.closeSync();
          await subject.sandbox.call(lease, 'open', { source: 'shop', target: { engine: 'duckdb', path: shop } });
        }
      });
    });

    describe('SQL', () => {
      it('answers by columns, with text for what JSON cannot hold', async () => {
        const { table } = await sql(`
          SELECT 1::TINYINT AS small, 9007199254740993 AS big, 1.50::DECIMAL(5, 2) AS exact, 'NaN'::DOUBLE AS nan, true AS yes,
                 DATE '2024-02-29' AS day, TIMESTAMPTZ '2024-01-01 00:00:00+02' AS moment, '\\xAB'::BLOB AS bytes,
                 INTERVAL 90 MINUTE AS span, [1, NULL] AS list, {'a': 'b', 'n': 2::BIGINT} AS struct, MAP {'k': 1} AS map,
                 NULL AS nothing, 'x' AS same, 'y' AS same`);
        const row = Object.fromEntries(table.columns.map((c, index) => [c.name, [c.type, table.values[index]?.[0]]]));
        expect(row).toEqual({
          small: ['TINYINT', 1],
          big: ['BIGINT', '9007199254740993'],
          exact: ['DECIMAL(5,2)', '1.50'],
          nan: ['DOUBLE', 'NaN'],
          yes: ['BOOLEAN', true],
          day: ['DATE', '2024-02-29'],
          moment: ['TIMESTAMP WITH TIME ZONE', '2023-12-31 22:00:00+00'],
          bytes: ['BLOB', '\\xAB'],
          span: ['INTERVAL', '01:30:00'],
          list: ['INTEGER[]', '[1,null]'],
          struct: ['STRUCT("a" VARCHAR, "n" BIGINT)', '{"a":"b","n":2}'],
          map: ['MAP(VARCHAR, INTEGER)', '[{"key":"k","value":1}]'],
          nothing: ['INTEGER', null],
          same: ['VARCHAR', 'y'],
        });
        expect(table).toMatchObject({ rows: 1, truncated: false });
      });

      it.each([
        'WITH t AS (SELECT 1 AS n) SELECT n FROM t',
        'VALUES (1)',
        'FROM customers SELECT id LIMIT 1 OFFSET 1',
        'SELECT 1;',
        '/* why */ SELECT 1 -- because',
        `SELECT 1 WHERE ';' <> 'DROP TABLE customers; --'`,
        'SELECT unnest(range(1, 2))',
        'SELECT range FROM range(1, 2)',
        `SELECT 1 FROM (PIVOT orders ON customer IN (1) USING count(*)) LIMIT 1`,
        `SELECT n - 6 FROM old."order items"`,
      ])('runs %s', async (text) => {
        expect(await column(text)).toEqual([1]);
      });

      it.each([
        'DESCRIBE customers',
        'SUMMARIZE customers',
        'SHOW TABLES',
        'DESCRIBE SELECT * FROM orders',
        'PIVOT orders ON customer USING count(*)',
      ])('runs %s', async (text) => {
        expect((await sql(text)).table.rows).toBeGreaterThan(0);
      });

      it.each([
        ['', 'one SELECT'],
        ['-- nothing', 'one SELECT'],
        ['SELECT 1; SELECT 2', 'one statement'],
        ['SELECT 1; DROP TABLE customers', 'one SELECT'],
        [`INSERT INTO customers VALUES (99, 'x', DATE '2024-01-01')`, 'INSERT'],
        ['UPDATE customers SET id = 0', 'UPDATE'],
        ['DELETE FROM customers', 'DELETE'],
        ['CREATE TEMP TABLE t AS SELECT 1', 'CREATE'],
        ['DROP TABLE customers', 'DROP'],
        [`ATTACH '/tmp/other.duckdb'`, 'ATTACH'],
        [`COPY customers TO '/tmp/customers.csv'`, 'COPY'],
        [`EXPORT DATABASE '/tmp/all'`, 'EXPORT'],
        ['PRAGMA table_info(customers)', 'DESCRIBE'],
        ['PRAGMA database_list', 'PRAGMA'],
        ['SET threads = 8', 'SET'],
        ['RESET threads', 'RESET'],
        ['CALL range(3)', 'CALL'],
        ['CHECKPOINT', 'CHECKPOINT'],
        ['INSTALL httpfs', 'INSTALL'],
        [`LOAD 'httpfs'`, 'LOAD'],
        ['BEGIN TRANSACTION', 'BEGIN'],
        ['PREPARE p AS SELECT 1', 'PREPARE'],
        ['EXPLAIN ANALYZE SELECT 1', 'EXPLAIN'],
        [`SELECT * FROM read_csv('/etc/passwd')`, 'read_csv'],
        [`SELECT * FROM read_text('/etc/passwd')`, 'read_text'],
        [`SELECT * FROM read_blob('${'x'.repeat(3)}')`, 'read_blob'],
        [`SELECT (SELECT count(*) FROM glob('/etc/*'))`, 'glob'],
        [`WITH a AS (FROM read_parquet('/x')) SELECT * FROM a`, 'read_parquet'],
        [`DESCRIBE SELECT * FROM sniff_csv('/etc/passwd')`, 'sniff_csv'],
        [`SELECT * FROM query('SELECT 1')`, 'query'],
        [`SELECT * FROM enable_logging('QueryLog', storage = 'file', storage_path = '/tmp/x')`, 'enable_logging'],
        [`SELECT * FROM '/etc/passwd'`, 'relations'],
        [`SELECT * FROM '${'/etc/hosts'}.csv'`, 'relations'],
        [`SELECT getenv('HOME')`, 'getenv'],
        ['SELECT * FROM nowhere', 'nowhere'],
        [`SELECT '\0'`, 'NUL'],
        [`SELECT '${'x'.repeat(200_000)}'`, 'size'],
      ])('refuses %j and says why', async (text, reason) => {
        await expect(sql(text)).rejects.toMatchObject({
          kind: 'STATEMENT_REFUSED',
          message: expect.stringContaining(reason) as string,
        });
      });

      it.each([
        ['SELECT missing FROM customers', 'missing'],
        ['SELEC 1', 'SELEC'],
        ['WITH t AS (DELETE FROM customers RETURNING id) FROM t', 'SELECT'],
      ])('fails on %j with the reason of the database', async (text, reason) => {
        await expect(sql(text)).rejects.toMatchObject({
          kind: 'STATEMENT_FAILED',
          message: expect.stringContaining(reason) as string,
        });
      });

      it('leaves the database as it was', async () => {
        expect(await column('SELECT count(*) FROM customers')).toEqual([20]);
      });

      it('stops at the limit of rows, and at that of bytes, and says so', async () => {
        expect((await sql('FROM range(1000000)', { rows: 10 })).table).toMatchObject({ rows: 10, truncated: true });
        expect((await sql('FROM range(10)', { rows: 10 })).table).toMatchObject({ rows: 10, truncated: false });
        const wide = await sql(`SELECT repeat('x', 1000) FROM range(1000000)`, { rows: 100_000, bytes: 10_000 });
        expect(wide.table).toMatchObject({ rows: 9, truncated: true });
      });

      it('interrupts a statement at its limit of time and runs the next', async () => {
        const endless = 'SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE (a.range * b.range) % 7 = 3';
        await expect(sql(endless, { seconds: 0.3 })).rejects.toMatchObject({
          kind: 'RUNNER_TIMEOUT',
          message: expect.stringContaining('0.3 s') as string,
        });
        expect(await column('SELECT 1')).toEqual([1]);
      });

      it('runs statements that come at the same time, each with its own result', async () => {
        const results = await Promise.all([1, 2, 3, 4, 5].map((n) => column(`SELECT ${n}`)));
        expect(results).toEqual([[1], [2], [3], [4], [5]]);
      });
    });

    describe('folders of files', () => {
      const target = (path: string) => ({ source: 'shop', target: { engine: 'files', path } }) as const;
      const files = mkdtempSync(join(folder, 'files-'));
      let tables: DatabaseSchema['tables'];

      beforeAll(async () => {
        writeFileSync(join(files, 'sales.csv'), 'day,amount,note\n2024-01-01,1.5,a\n2024-01-02,,"b, c"\n');
        writeFileSync(join(files, "it's [1] 100%.csv"), 'a\n1\n');
        writeFileSync(join(files, 'it1.csv'), 'other\n2\n');
        writeFileSync(join(files, 'twice.tsv'), 'a\tb\n1\t2\n');
        writeFileSync(join(files, 'Twice.csv'), 'c\n3\n');
        writeFileSync(join(files, 'v1.2.csv'), 'd\n4\n');
        writeFileSync(join(files, 'README.md'), 'no table');
        writeFileSync(join(files, '.hidden.csv'), 'no,table\n');
        // Only the last of 30,000 rows shows that the column is no number.
        writeFileSync(join(files, 'late.csv'), `n\n${'1\n'.repeat(30_000)}none\n`);
        tables = (await subject.sandbox.call(lease, 'open', target(files))).tables;
      });
      afterAll(async () => {
        await subject.sandbox.call(lease, 'open', { source: 'shop', target: { engine: 'duckdb', path: shop } });
      });

      it('makes a table of each file, named by its stem', () => {
        expect(tables.map(({ name: table }) => table)).toEqual([
          'Twice_csv',
          "it's [1] 100%",
          'it1',
          'late',
          'sales',
          'twice_tsv',
          'v1_2',
        ]);
        expect(tables.every(({ kind }) => kind === 'file')).toBe(true);
        expect(tables.find(({ name: table }) => table === 'sales')).toMatchObject({
          estimated_rows: 2,
          bytes: 52,
          columns: [
            { name: 'day', type: 'DATE' },
            { name: 'amount', type: 'DOUBLE' },
            { name: 'note', type: 'VARCHAR' },
          ],
        });
      });

      it('reads them, whatever their names', async () => {
        expect(await column(`SELECT a FROM "it's [1] 100%"`)).toEqual([1]);
        expect(await column(`SELECT note FROM sales WHERE amount IS NULL`)).toEqual(['b, c']);
        expect(await column(`SELECT count(*) FROM late WHERE n = 'none'`)).toEqual([1]);
      });

      it('opens one file alone', async () => {
        const alone = await subject.sandbox.call(lease, 'open', target(join(files, 'sales.csv')));
        expect(alone.tables.map(({ name: table }) => table)).toEqual(['sales']);
      });

      it('leaves files that are too large to copy in place, and reads no other ones', async () => {
        const large = mkdtempSync(join(folder, 'large-'));
        const line = '12345678,some text that is there to fill the file\n';
        writeFileSync(join(large, 'large.csv'), `n,t\n${line.repeat(5_500_000)}`);
        const [table] = (await subject.sandbox.call(lease, 'open', target(large))).tables;
        expect(table).toMatchObject({ name: 'large', kind: 'file' });
        expect(table?.bytes).toBeGreaterThan(256 * 1024 * 1024);
        expect(await column('SELECT count(*) FROM large')).toEqual([5_500_000]);
        await expect(sql(`FROM '${join(files, 'sales.csv')}'`)).rejects.toMatchObject({ kind: 'STATEMENT_REFUSED' });
      });

      it('says when there is nothing to read', async () => {
        await expect(
          subject.sandbox.call(lease, 'open', target(mkdtempSync(join(folder, 'e-')))),
        ).rejects.toMatchObject({
          kind: 'DATABASE_EMPTY',
          message: expect.stringContaining('.parquet') as string,
        });
      });

      it('opens the others beside a file that cannot be read, and says why when that one is asked for', async () => {
        const mixed = mkdtempSync(join(folder, 'mixed-'));
        writeFileSync(join(mixed, 'broken.parquet'), 'not parquet');
        writeFileSync(join(mixed, 'good.csv'), 'a\n1\n');
        const { tables } = await subject.sandbox.call(lease, 'open', target(mixed));
        expect(tables.map(({ name }) => name)).toEqual(['broken', 'good']);
        await expect(
          subject.sandbox.call(lease, 'execute_sql', {
            source: 'shop',
            sql: 'SELECT * FROM broken',
            limits: { rows: 1, bytes: 1_000, seconds: 10 },
            origin: 'tool',
          }),
        ).rejects.toMatchObject({
          kind: 'STATEMENT_FAILED',
          message: expect.stringContaining('broken.parquet cannot be read. It is not Parquet, but text') as string,
        });
      });
    });

    describe('Python', () => {
      beforeAll(async () => {
        expect(await startSession()).toEqual({
          python: expect.stringMatching(/^3\.1\d/) as string,
          isolation: expect.stringContaining('process') as string,
        });
      });

      it('answers with what was printed, the last value and the figures', async () => {
        const shown = await cell(`
import matplotlib.pyplot as plt, sys
print("out"); print("err", file=sys.stderr)
plt.plot([1, 3, 2]); plt.show()
6 * 7`);
        expect(shown).toMatchObject({ stdout: 'out\nerr\n', stdout_truncated: false, result: '42', state_lost: false });
        expect(shown.error).toBeUndefined();
        expect(shown.outputs.map(({ mime }) => mime)).toEqual(['image/png']);
        const png = Buffer.from(shown.outputs[0]?.data ?? '', 'base64');
        expect(png.subarray(1, 4).toString()).toBe('PNG');
      });

      it('captures what C libraries print, in order', async () => {
        const printed = await cell(
          `import ctypes, os\nprint("one")\nctypes.CDLL(None).puts(b"two")\nctypes.CDLL(None).fflush(None)\nos.write(2, b"three\\n")`,
        );
        expect(printed.stdout).toBe('one\ntwo\nthree\n');
      });

      it('keeps state between cells, and a new session has none of it', async () => {
        await cell('kept = [1, 2]\nopen("note.txt", "w").write("here")');
        expect((await cell('kept.append(3); kept, open("note.txt").read()')).result).toBe(`([1, 2, 3], 'here')`);
        await startSession('summary');
        const fresh = await execute('import os\nsorted(os.listdir()), "kept" in globals()', 30, 'summary');
        expect(fresh.cell.result).toBe('([], False)');
        await startSession();
      });

      it('runs code for the agent of the session alone', async () => {
        await expect(execute('1', 30, 'summary')).rejects.toMatchObject({ kind: 'CONFLICT' });
      });

      it('answers an exception with its name, message and the lines of the cell', async () => {
        const failed = await cell('import json\ndef f():\n    return json.loads("{")\nf()');
        expect(failed.error).toMatchObject({ kind: 'PYTHON_FAILED', name: 'JSONDecodeError' });
        expect(failed.error?.traceback).toContain('return json.loads("{")');
        expect(failed.error?.traceback).not.toContain('surveyor_kernel');
        expect(failed.error?.traceback).not.toContain('site-packages');
        expect((await cell('1 +')).error).toMatchObject({ name: 'SyntaxError' });
        expect((await cell('import sys; sys.exit(1)')).error).toMatchObject({ name: 'SystemExit' });
        expect((await cell('f')).state_lost).toBe(false);
      });

      it('cuts long output and says so in it', async () => {
        const long = await cell('print("begin"); print("x" * 1_000_000); print("end")');
        expect(long.stdout_truncated).toBe(true);
        expect(long.stdout.length).toBeLessThan(70_000);
        expect(long.stdout).toMatch(/^begin\n.*bytes of output left out.*end\n$/s);
        expect((await cell('"y" * 1_000_000')).result).toMatch(/characters left out/);
      });

      it('interrupts a cell at its limit and keeps the variables', async () => {
        const late = await cell('import time\nbefore = 5\ntime.sleep(60)', 0.5);
        expect(late).toMatchObject({ state_lost: false, error: { kind: 'RUNNER_TIMEOUT' } });
        expect(late.error?.message).toContain('interrupted');
        expect(late.error?.traceback).toContain('time.sleep(60)');
        expect((await cell('before')).result).toBe('5');
      });

      it('interrupts a cell that waits for a statement', async () => {
        const late = await cell(
          'db.query("SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE (a.range * b.range) % 7 = 3")',
          1,
        );
        expect(late).toMatchObject({ state_lost: false, error: { kind: 'RUNNER_TIMEOUT' } });
        expect((await cell('db.query("SELECT 1 AS n").n[0]')).result).toBe('np.int64(1)');
      });

      it('kills a cell that does not respond to the interrupt, says so, and goes on with a fresh process', async () => {
        await cell('gone = 1\nopen("kept.txt", "w").write("kept")');
        const stuck = await cell(
          'import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\ntime.sleep(60)',
          0.3,
        );
        expect(stuck).toMatchObject({ state_lost: true, error: { kind: 'RUNNER_TIMEOUT' } });
        expect(stuck.error?.message).toContain('killed');
        expect((await cell('open("kept.txt").read(), "gone" in globals()')).result).toBe(`('kept', False)`);
      });

      it.each([
        ['exits', 'import os; print("bye"); os._exit(3)', 'exit code 3', 'bye\n'],
        ['crashes', 'import ctypes; print("bye"); ctypes.string_at(0)', 'SIGSEGV', 'bye\n'],
        ['is killed', 'import os, signal; print("bye"); os.kill(os.getpid(), signal.SIGKILL)', 'SIGKILL', 'bye\n'],
      ])('survives a process that %s in the middle of a cell', async (_, code, how, stdout) => {
        const ended = await cell(code);
        expect(ended).toMatchObject({ state_lost: true, stdout, error: { kind: 'SANDBOX_LOST' } });
        expect(ended.error?.message).toContain(how);
        expect(await cell('1 + 1')).toMatchObject({ result: '2', state_lost: false });
      });

      it('survives a process that writes nonsense where messages are expected', async () => {
        const spoiled = await cell('import os\nos.write(3, b"\\xff" * 64)\nimport time; time.sleep(30)', 20);
        expect(spoiled).toMatchObject({ state_lost: true, error: { kind: 'SANDBOX_LOST' } });
        expect((await cell('1 + 1')).result).toBe('2');
      });

      it('answers a cell that has closed its output', async () => {
        expect((await cell('import os\nos.close(1); os.close(2)\n1 + 1')).result).toBe('2');
        await startSession();
      });

      it('has no environment but what it needs', async () => {
        const names = await cell('import os\n" ".join(sorted(n for n in os.environ if not n.startswith("_")))');
        expect(names.result).toBe(
          `'HOME LANG MIMALLOC_ARENA_EAGER_COMMIT MPLBACKEND MPLCONFIGDIR OMP_NUM_THREADS OPENBLAS_NUM_THREADS POLARS_MAX_THREADS TZ'`,
        );
      });

      it('finds the lease token and the path of the database in no list of processes and no environment', async () => {
        // In halves, so that the code itself is not what is found.
        const halves = [lease.token, shop].map((secret) => [secret.slice(0, 9), secret.slice(9)]);
        const found = await cell(`
import glob
seen = ""
for path in glob.glob("/proc/[0-9]*/cmdline") + glob.glob("/proc/[0-9]*/environ"):
    try: seen += open(path, errors="replace").read()
    except OSError: pass
["".join(halves) in seen + str(globals()) for halves in ${JSON.stringify(halves)}]`);
        expect(found.result).toBe('[False, False]');
      });

      it('reads files that were put into the workspace', async () => {
        const content = Buffer.from('<p>earlier</p>').toString('base64');
        const put = (file: string) =>
          subject.sandbox.call(lease, 'write_file', { name: file, content_base64: content });
        expect(await put('report.html')).toEqual({ bytes: 14 });
        expect((await cell('open("report.html").read()')).result).toBe(`'<p>earlier</p>'`);
        await expect(put('../report.html')).rejects.toMatchObject({ kind: 'INVALID_REQUEST' });
        // No link leads out: where the jail lets code lay one, the supervisor does not follow it.
        const laid = await cell(`
import os
outside = os.path.join("..", "outside.txt")
try: os.symlink(outside, "trap.html")
except PermissionError: pass
os.path.islink("trap.html")`);
        const came = await put('trap.html').catch((failure: { readonly kind: string }) => failure.kind);
        expect(came).toEqual(laid.result === 'True' ? 'CONFLICT' : { bytes: 14 });
        expect((await cell('os.path.exists(outside)')).result).toBe('False');
      });
    });

    describe('what code leaves and shows', () => {
      beforeAll(() => startSession());
      const read = (file: string) => subject.sandbox.call(lease, 'read_artifact', { name: file });
      const shown = async (code: string): Promise<readonly (readonly [string, string])[]> =>
        (await cell(code)).outputs.map(({ mime, data }) => [mime, data]);

      it('reads files of the workspace, folders below it included', async () => {
        await cell(
          'import os\nos.mkdir("out")\nopen("out/a.bin", "wb").write(bytes(range(256)))\nopen("empty", "w").close()',
        );
        const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
        expect(await read('out/a.bin')).toEqual({ content_base64: all.toString('base64'), bytes: 256 });
        expect(await read('empty')).toEqual({ content_base64: '', bytes: 0 });
      });

      it('says so of what is not there, what is no file and what is too large', async () => {
        await cell(
          'open("whole", "wb").write(bytes(8 << 20))\nwith open("large", "wb") as f: f.truncate((8 << 20) + 1)',
        );
        expect((await read('whole')).bytes).toBe(8 * 1024 * 1024);
        for (const [file, kind] of [
          ['nowhere', 'NOT_FOUND'],
          ['out/nowhere', 'NOT_FOUND'],
          ['out', 'CONFLICT'],
          ['empty/a', 'CONFLICT'],
          ['large', 'REQUEST_TOO_LARGE'],
          ['../workspace-1/empty', 'INVALID_REQUEST'],
          ['/etc/passwd', 'INVALID_REQUEST'],
          ['out//a.bin', 'INVALID_REQUEST'],
          ['.hidden', 'INVALID_REQUEST'],
        ] as const)
          await expect(read(file)).rejects.toMatchObject({ kind });
      });

      it('has a table, an expression of ibis that was run, a drawing and data shown as what they are', async () => {
        const tables = [
          'pd.DataFrame({"a": [1, 2], "b": ["<i>", "y"]})',
          'db.table("orders").order_by("id").limit(1).execute()',
        ];
        for (const code of tables) {
          const [[mime, data] = []] = await shown(code);
          expect([mime, data]).toEqual(['text/html', expect.stringMatching(/<table[^]*<\/table>/)]);
          expect(data).not.toContain('<i>');
        }
        const expression = await cell('db.table("orders")');
        expect(expression).toMatchObject({ outputs: [], result: expect.stringContaining('orders') as string });
        expect(await shown('class J:\n    def _repr_json_(self): return {"n": [1, None]}\nJ()')).toEqual([
          ['application/json', '{"n": [1, null]}'],
        ]);
        const [[mime, svg] = []] = await shown(`
import io, matplotlib.pyplot as plt
class Drawing:
    def _repr_svg_(self):
        figure, axes = plt.subplots(); axes.plot([1, 3, 2]); text = io.StringIO()
        figure.savefig(text, format="svg"); plt.close(figure); return text.getvalue()
Drawing()`);
        expect([mime, svg]).toEqual(['image/svg+xml', expect.stringContaining('<svg')]);
        expect((await shown('plt.plot([1, 2])\npd.DataFrame({"a": [1]})')).map(([kind]) => kind)).toEqual([
          'text/html',
          'image/png',
        ]);
      });

      it('leaves out what is too large or cannot be shown, says so, and keeps the value as text', async () => {
        const large = await cell(
          'class L:\n    def _repr_html_(self): return "x" * 600_000\n    def __repr__(self): return "L"\nL()',
        );
        expect(large).toMatchObject({ result: 'L', outputs: [] });
        expect(large.stdout).toContain('text/html of the value left out');
        const broken = await cell(
          'class B:\n    def _repr_json_(self): return object()\n    def __repr__(self): return "B"\nB()',
        );
        expect(broken).toMatchObject({ result: 'B', outputs: [] });
        expect(broken.stdout).toContain('left out: TypeError');
        // A class has the methods of its instances, and is shown as what it is.
        expect(await cell('pd.DataFrame')).toMatchObject({ outputs: [], stdout: '' });
        const figures = await cell('for n in range(12): plt.figure(); plt.plot([n])');
        expect(figures.outputs).toHaveLength(8);
        expect(figures.stdout).toContain('4 figures left out');
      });
    });

    describe('the database in Python', () => {
      beforeAll(() => startSession());

      it('gives a DataFrame with its types', async () => {
        const typed = await cell(`
frame = db.query("""SELECT 1 AS i, NULL::INTEGER AS n, 1.5::DECIMAL(5,2) AS d, true AS b, DATE '2024-02-29' AS day,
  TIMESTAMPTZ '2024-01-01 00:00:00+02' AS t, 'x' AS s, [1, 2] AS l, 9223372036854775807 AS big, 'inf'::DOUBLE AS f, 1 AS i
  UNION ALL SELECT 2, 5, 2.5, false, NULL, NULL, NULL, NULL, 0, NULL, 2""")
[str(t) for t in frame.dtypes], frame.iloc[0].tolist()`);
        expect(typed.error).toBeUndefined();
        expect(typed.result).toContain(
          `['int64', 'Int64', 'float64', 'bool', 'datetime64[us]', 'datetime64[us, UTC]', 'str', 'object', 'int64', 'float64', 'int64']`,
        );
        expect(typed.result).toContain('9223372036854775807');
        expect(typed.result).toContain(`Timestamp('2023-12-31 22:00:00+0000', tz='UTC')`);
      });

      it('runs ibis expressions as SQL of the database', async () => {
        const {
          cell: done,
          statements,
          statement_evidence,
        } = await execute(`
orders, customers = db.table("orders"), db.table("customers")
joined = orders.join(customers, orders.customer == customers.id)
top = joined.group_by("name").agg(spent=orders.price.sum()).order_by("name").limit(2)
print(db.execute(top).to_dict("records"))
print(orders.count().execute(), orders.price.max().execute(), db.table("old.order items").n.execute().tolist())`);
        expect(done.error).toBeUndefined();
        expect(done.stdout).toBe(
          `[{'name': 'customer 1', 'spent': 206.25}, {'name': 'customer 11', 'spent': 256.25}]\n100 99.25 [7]\n`,
        );
        expect(statements).toBe(4);
        const { evidence } = await subject.sandbox.call(lease, 'evidence', { after: 0 });
        const sent = evidence.filter(({ evidence: piece }) => piece.origin === 'kernel').map((one) => one.evidence);
        expect(sent.slice(-4).map(({ evidence_id }) => evidence_id)).toEqual(statement_evidence);
      });

      it('names each statement of a cell: from threads, from calls within calls, and under way when it ends', async () => {
        const { cell, statements, statement_evidence } = await execute(`
import threading, time
from concurrent.futures import ThreadPoolExecutor
def one(n): return int(db.query(f"SELECT {n} AS n").n[0])
def nested(n): return 0 if n == 0 else nested(n - 1) + one(100 + n)
with ThreadPoolExecutor(4) as pool: print(sum(pool.map(one, range(8))), nested(3))
late = "SELECT sum(a.range * b.range) AS late FROM range(12000) AS a, range(12000) AS b"
threading.Thread(target=lambda: db.query(late)).start()
while not db._channel._replies: time.sleep(0.01)
time.sleep(0.05)`);
        expect(cell).toMatchObject({ stdout: '28 306\n' });
        expect([statements, new Set(statement_evidence).size]).toEqual([12, 12]);
        const { evidence } = await subject.sandbox.call(lease, 'evidence', { after: 0 });
        const late = evidence.find(({ evidence: piece }) => JSON.stringify(piece).includes('AS late'));
        expect(statement_evidence).toContain(late?.evidence.evidence_id);
      });

      it('says that no statement was sent where the code only pretends to have sent one', async () => {
        const pretended = await execute(`
real = type(db).query
type(db).query = lambda self, sql: pd.DataFrame({"n": [7]})
print(db.query("SELECT count(*) AS n FROM orders").n[0])
type(db).query = real`);
        expect(pretended).toMatchObject({ cell: { stdout: '7\n' }, statements: 0, statement_evidence: [] });
      });

      it('raises failures by their names in the failure table', async () => {
        const raised = await cell(`
for text in ["DROP TABLE customers", "SELECT missing FROM customers"]:
    try: db.query(text)
    except db.Failure as failure: print(type(failure).__name__, failure.kind)
db.query("ATTACH 'x'")`);
        expect(raised.stdout).toBe('STATEMENT_REFUSED STATEMENT_REFUSED\nSTATEMENT_FAILED STATEMENT_FAILED\n');
        expect(raised.error).toMatchObject({ kind: 'PYTHON_FAILED', name: 'STATEMENT_REFUSED' });
        expect((await cell('db.table("nowhere")')).error?.message).toContain('customers');
      });

      it('answers several threads, each its own question', async () => {
        const threads = await cell(`
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(4) as pool:
    answers = list(pool.map(lambda n: int(db.query(f"SELECT {n} AS n").n[0]), range(8)))
answers`);
        expect(threads.result).toBe('[0, 1, 2, 3, 4, 5, 6, 7]');
      });

      it('stops at the limit of statements', async () => {
        await startSession('cataloging', 2);
        const { cell: limited, statements } = await execute(
          'db.query("SELECT 1"); db.query("SELECT 2"); db.query("SELECT 3")',
        );
        expect(limited.error).toMatchObject({ name: 'BUDGET_EXCEEDED' });
        expect(statements).toBe(2);
      });

      it('stops at the limit of a cell, where others have sent some of the statements', async () => {
        await startSession('cataloging', 3);
        const work = async (code: string, statement_limit: number) => {
          const input = { agent: 'cataloging', code, seconds: 30, statement_limit };
          const { cell: done, statements } = await subject.sandbox.call(lease, 'execute_python', input);
          return [done.error?.name, statements];
        };
        expect(await work('db.query("SELECT 1"); db.query("SELECT 2")', 1)).toEqual(['BUDGET_EXCEEDED', 1]);
        expect(await work('db.query("SELECT 3")', 0)).toEqual(['BUDGET_EXCEEDED', 0]);
        expect(await work('db.query("SELECT 4"); db.query("SELECT 5"); db.query("SELECT 6")', 9)).toEqual([
          'BUDGET_EXCEEDED',
          2,
        ]);
      });
    });

    describe('several databases', () => {
      const archive = join(folder, 'archive.duckdb');
      const inArchive = (text: string) =>
        subject.sandbox.call(lease, 'execute_sql', { source: 'archive', sql: text, limits, origin: 'tool' });

      beforeAll(async () => {
        const instance = await DuckDBInstance.create(archive);
        const connection = await instance.connect();
        await connection.run(`CREATE TABLE orders AS SELECT 1000 + i AS id FROM range(3) t(i)`);
        connection.closeSync();
        instance.closeSync();
        const target = { engine: 'duckdb', path: archive } as const;
        const opened = await subject.sandbox.call(lease, 'open', { source: 'archive', target });
        expect(opened.tables.map(({ name: table }) => table)).toEqual(['orders']);
        await startSession();
      });

      it('keeps each under its name, and says so of one that is not open', async () => {
        expect(await column('SELECT min(id) FROM orders')).toEqual([0]);
        expect((await inArchive('SELECT min(id) FROM orders')).table.values).toEqual([[1_000]]);
        await expect(inArchive('FROM customers')).rejects.toMatchObject({ kind: 'STATEMENT_REFUSED' });
        const elsewhere = { source: 'elsewhere', sql: 'SELECT 1', limits, origin: 'tool' } as const;
        await expect(subject.sandbox.call(lease, 'execute_sql', elsewhere)).rejects.toMatchObject({
          kind: 'CONFLICT',
          message: expect.stringContaining('"elsewhere"') as string,
        });
      });

      it('is not disturbed by one that cannot be opened', async () => {
        const target = { engine: 'duckdb', path: join(folder, 'gone.duckdb') } as const;
        await expect(subject.sandbox.call(lease, 'open', { source: 'gone', target })).rejects.toMatchObject({
          kind: 'DATABASE_UNREACHABLE',
        });
        expect((await inArchive('SELECT 1')).table.values).toEqual([[1]]);
      });

      it('runs a statement of one while another is busy, and ends only the one that is late', async () => {
        const endless = 'SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE (a.range * b.range) % 7 = 3';
        const order: string[] = [];
        const late = sql(endless, { seconds: 1 }).catch(({ kind }: { kind: string }) => order.push(kind));
        await inArchive('SELECT 1').then(() => order.push('archive'));
        await late;
        expect(order).toEqual(['archive', 'RUNNER_TIMEOUT']);
      });

      it('gives Python the first as db and each by its name', async () => {
        const { cell: done } = await execute(`
print(db.source, list(databases))
print(databases["archive"].query("SELECT max(id) AS n FROM orders").n[0], db.query("SELECT max(id) AS n FROM orders").n[0])
print(databases["archive"].table("orders").id.min().execute(), db.table("orders").id.min().execute())
db.table("orders").join(databases["archive"].table("orders"), "id").count().execute()`);
        expect(done.stdout).toBe(`shop ['shop', 'archive']\n1002 99\n1000 0\n`);
        expect(done.error?.message).toMatch(/reads shop and this is archive|reads archive and this is shop/);
      });

      it('makes other evidence of the same statement and result in another database', async () => {
        const ids = [await sql('SELECT 1 AS one'), await inArchive('SELECT 1 AS one')].map((done) => done.evidence_id);
        expect(new Set(ids).size).toBe(2);
        const { evidence } = await subject.sandbox.call(lease, 'evidence', { after: await acknowledged() });
        const sources = evidence.slice(-2).map((entry) => [entry.evidence.evidence_id, entry.evidence.source]);
        expect(sources).toEqual([
          [ids[0], 'shop'],
          [ids[1], 'archive'],
        ]);
      });
    });

    describe('evidence', () => {
      it('numbers every statement and cell, refused ones too, and forgets what was acknowledged', async () => {
        const before = await subject.sandbox.call(lease, 'evidence', { after: 0 });
        expect(before.evidence.length).toBeGreaterThan(0);
        const { last } = before;
        await startSession();
        const { evidence_id } = await sql('SELECT 42 AS answer');
        await sql('DROP TABLE customers').catch(() => undefined);
        await sql('SELECT missing FROM customers').catch(() => undefined);
        await execute('db.query("SELECT 42 AS answer")\nprint("said")');

        const { evidence, last: newLast } = await subject.sandbox.call(lease, 'evidence', { after: last });
        expect(newLast).toBe(last + 5);
        expect(evidence.map(({ number, evidence: e }) => [number - last, e.kind, e.origin, e.verdict])).toEqual([
          [1, 'sql', 'tool', 'ran'],
          [2, 'sql', 'tool', 'refused'],
          [3, 'sql', 'tool', 'failed'],
          [4, 'sql', 'kernel', 'ran'],
          [5, 'python', 'tool', 'ran'],
        ]);
        const [ran, refused, , again, python] = evidence.map((entry) => entry.evidence);
        expect(ran).toMatchObject({ evidence_id, text: 'SELECT 42 AS answer', rows: 1, preview: 'answer\n42' });
        expect(again).toMatchObject({ evidence_id, result_hash: ran?.result_hash, agent: 'cataloging' });
        expect(refused).toMatchObject({ failure: { kind: 'STATEMENT_REFUSED' } });
        expect(refused?.result_hash).toBeUndefined();
        expect(python?.preview).toContain('said');

        // Whole, as the text that the hash is of.
        const [whole, , , sameWhole, cellWhole] = evidence.map(({ result }) => result ?? '');
        expect([ran, python].map((one) => one?.result_kept)).toEqual(['whole', 'whole']);
        expect(JSON.parse(whole ?? '')).toMatchObject({ values: [[42]], rows: 1, truncated: false });
        expect(sameWhole).toBe(whole);
        expect(JSON.parse(cellWhole ?? '')).toMatchObject({ stdout: 'said\n' });
        expect([ran, python].map((one) => one?.result_hash)).toEqual(
          [whole, cellWhole].map((text) => sha256(text ?? '')),
        );

        // Reading alone acknowledges nothing; the number that is named does.
        expect((await subject.sandbox.call(lease, 'evidence', { after: last })).evidence).toHaveLength(5);
        const rest = await subject.sandbox.call(lease, 'evidence', { after: last + 4 });
        expect(rest.evidence.map(({ number }) => number)).toEqual([last + 5]);
        expect((await subject.sandbox.call(lease, 'evidence', { after: 0 })).evidence).toEqual(rest.evidence);
      });
    });
  });
};

/** Who waits for a sandbox, and in which order they come to one. */
const describeQueueContract = (name: string, makeSubject: (places: SandboxPlaces) => Promise<SandboxSubject>): void => {
  describe(`${name} as the only sandbox there may be`, () => {
    let subject: SandboxSubject;
    beforeAll(async () => {
      subject = await makeSubject({ most: 1 });
    });
    afterAll(() => subject?.close());
    const take = (tenant: string, id: string): Promise<Lease> => takeLease(subject.sandbox, tenant, heldByRun(id));
    it('goes to waiting runs in turn, fairly between tenants', async () => {
      const order: string[] = [];
      const held = await take('acme', 'first');
      const all: Promise<void>[] = [];
      for (const [tenant, id] of [
        ['acme', 'a1'],
        ['acme', 'a2'],
        ['acme', 'a3'],
        ['umbrella', 'b1'],
      ] as const) {
        const served = take(tenant, id).then(async (lease) => {
          order.push(id);
          await subject.sandbox.release(lease);
        });
        all.push(served);
        await wait(300);
      }
      expect(order).toEqual([]);
      await subject.sandbox.release(held);
      await Promise.all(all);
      expect(order).toEqual(['a1', 'b1', 'a2', 'a3']);
    }, 120_000);

    it('says that a run is queued, and forgets who was abandoned while it waited', async () => {
      const held = await take('acme', 'first');
      const waiting = take('acme', 'second').catch((thrown: unknown) => thrown);
      const behind = take('acme', 'third');
      await wait(300);
      await subject.sandbox.abandon('acme', heldByRun('second'));
      await subject.sandbox.release(held);
      const lease = await behind;
      expect(lease.holder.id).toBe('third');
      await subject.sandbox.release(lease);
      // A take that was under way is told; one that came afterwards has asked anew.
      const outcome = await waiting;
      const isTold = outcome instanceof Failure;
      expect(isTold ? outcome.kind : 'RUN_CANCELLED').toBe('RUN_CANCELLED');
      if (!isTold) await subject.sandbox.release(outcome as Lease);
    }, 120_000);

    it('gives up what is starting for a run that is abandoned', async () => {
      const starting = subject.sandbox.take('acme', heldByRun('first'), 1).catch((thrown: unknown) => thrown);
      await wait(50);
      await subject.sandbox.abandon('acme', heldByRun('first'));
      await starting;
      const next = await take('acme', 'second');
      expect(await subject.sandbox.call(next, 'ping', {})).toHaveProperty('leased');
      await subject.sandbox.release(next);
    }, 120_000);

    it('ends in a sweep what the dead have, whoever waits behind them goes on, and leaves the living alone', async () => {
      const dead = await take('acme', 'dead');
      const behind = take('acme', 'living');
      await wait(300);
      const lives = async (_: string, { id }: LeaseHolder): Promise<boolean> => id === 'living';
      const swept = await subject.sandbox.sweep(lives);
      expect(swept).toMatchObject({ holders: 1, stopped: [{ reason: 'Its holder has ended.' }] });
      expect(swept.stopped[0]?.sandbox).toContain(dead.lease_id);
      const lease = await behind;
      await expect(subject.sandbox.call(dead, 'ping', {})).rejects.toMatchObject({ kind: 'SANDBOX_LOST' });
      expect(await subject.sandbox.sweep(lives)).toMatchObject({ holders: 0, stopped: [] });
      expect(await subject.sandbox.call(lease, 'ping', {})).toHaveProperty('leased');
      await subject.sandbox.release(lease);
    }, 120_000);
  });
};
