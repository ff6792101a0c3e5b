import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DatabaseProfile } from '../../src/contracts/profile.ts';
import { Report } from '../../src/contracts/report.ts';
import type { RunView } from '../../src/contracts/run.ts';
import { isMissing } from '../support/is-missing.ts';
import { type LocalService, startLocalService } from '../support/local-service.ts';
import { type MariadbServer, mariadbPassword, startMariadb } from '../support/mariadb-server.ts';
import { type PostgresServer, postgresPassword, startPostgres } from '../support/postgres-server.ts';

const readerPassword = 'r3ader/p@ss:w0rd';

describe.skipIf(isMissing('postgres', 'mariadb'))('a survey of database servers', () => {
  let postgres: PostgresServer;
  let mariadb: MariadbServer;
  let local: LocalService;
  let files: string;

  beforeAll(async () => {
    [postgres, mariadb, local] = await Promise.all([startPostgres(), startMariadb(), startLocalService()]);
    files = mkdtempSync(join(tmpdir(), 'surveyor-servers-'));
    writeFileSync(join(files, 'targets.csv'), 'region,target\nnorth,100\nsouth,200\n');
    await postgres.run(`CREATE ROLE reader LOGIN PASSWORD '${readerPassword}'`);
    await mariadb.run(`CREATE USER reader@'%' IDENTIFIED BY '${readerPassword}'`);
    await postgres.run(
      `CREATE TABLE customers (customer_id int PRIMARY KEY, name text NOT NULL);
       COMMENT ON TABLE customers IS 'Who buys';
       CREATE TABLE orders (order_id int PRIMARY KEY, customer_id int NOT NULL REFERENCES customers, total numeric(10,2));
       INSERT INTO customers SELECT n, 'customer ' || n FROM generate_series(1, 50) n;
       INSERT INTO orders SELECT n, 1 + n % 50, n * 1.5 FROM generate_series(1, 400) n;
       CREATE TABLE salaries (person text, amount int);
       GRANT SELECT ON customers, orders TO reader`,
    );
    await mariadb.run(
      `CREATE TABLE customers (customer_id int PRIMARY KEY, name varchar(40) NOT NULL) COMMENT 'Who buys';
       CREATE TABLE orders (order_id int PRIMARY KEY, customer_id int NOT NULL, total decimal(10,2),
         FOREIGN KEY (customer_id) REFERENCES customers (customer_id));
       INSERT INTO customers SELECT seq, concat('customer ', seq) FROM seq_1_to_50;
       INSERT INTO orders SELECT seq, 1 + seq % 50, seq * 1.5 FROM seq_1_to_400;
       GRANT SELECT ON app.* TO reader@'%'`,
    );
  });
  afterAll(async () => {
    await local?.close();
    await Promise.all([postgres?.stop(), mariadb?.stop()]);
    if (files !== undefined) rmSync(files, { recursive: true, force: true });
  });

  const inPostgres = (database = 'app'): string => postgres.url(database, 'reader', readerPassword);
  const inMariadb = (database = 'app'): string => mariadb.url(database, 'reader', readerPassword);
  const survey = async (request: Parameters<LocalService['api']['createCatalog']>[0]): Promise<RunView> =>
    local.ended((await local.api.createCatalog(request)).run_id);
  const reportOf = async (run: RunView): Promise<Report> =>
    Report.parse(await local.api.readReport({ id: run.run_id, agent: 'cataloging' }));
  const measured = ({ tables }: DatabaseProfile) => new Map(tables.map(({ table, rows }) => [table, rows.count]));

  describe.each([
    ['PostgreSQL', inPostgres, 'postgres'],
    ['MariaDB', inMariadb, 'mysql'],
  ] as const)('in %s', (_, url, engine) => {
    let run: RunView;
    let database: DatabaseProfile;
    beforeAll(async () => {
      run = await survey({ db_conn_string: url(), s3_prefix: `reports/${engine}` });
      if (run.failure !== undefined) throw new Error(run.failure.message);
      database = (await reportOf(run)).profile?.databases[0] as DatabaseProfile;
    });

    it('succeeds, with every table that the role can read and every row', () => {
      expect(run.status).toBe('succeeded');
      expect(database.engine).toBe(engine);
      expect(measured(database)).toEqual(
        new Map([
          ['customers', 50],
          ['orders', 400],
        ]),
      );
    });

    it('finds keys, references and comments as declared, or says that it cannot see them', () => {
      const orders = database.tables.find(({ table }) => table === 'orders');
      expect(orders?.schema.constraints).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ kind: 'primary_key', columns: ['order_id'] }),
          expect.objectContaining({
            kind: 'foreign_key',
            columns: ['customer_id'],
            references: { table: 'customers', columns: ['customer_id'] },
          }),
        ]),
      );
      expect(database.tables.find(({ table }) => table === 'customers')?.schema.comment).toBe('Who buys');
    });

    it('says of tables that it may not read that they are not visible', () => {
      const hidden = database.not_visible.filter(({ what }) => what === 'table').map(({ name }) => name);
      // MariaDB does not tell a role that a table is there which it may not read.
      expect(hidden).toEqual(engine === 'postgres' ? ['salaries'] : []);
    });

    it('refuses the owner, who can write, and takes it where that is said', async () => {
      const server = engine === 'postgres' ? postgres : mariadb;
      const refused = await survey({ db_conn_string: server.url(), s3_prefix: `reports/${engine}-owner` });
      expect(refused).toMatchObject({ status: 'failed', failure: { kind: 'DATABASE_WRITABLE' } });
      const accepted = await survey({
        db_conn_string: `${server.url()}?writable_role=accept`,
        s3_prefix: `reports/${engine}-owner`,
        tables: ['customers'],
      });
      expect(accepted.status).toBe('succeeded');
      const report = await reportOf(accepted);
      expect(report.profile?.databases[0]?.role).toMatchObject({
        name: expect.stringContaining('owner'),
        can_write: true,
      });
    });

    it('leaves the password nowhere: in no store, log, report, error or process list', async () => {
      const canary = engine === 'postgres' ? 'canary-pg-81c' : 'canary-my-81c';
      const wrong = await survey({
        db_conn_string: url().replace(encodeURIComponent(readerPassword), canary),
        s3_prefix: `reports/${engine}-wrong`,
      });
      expect(wrong).toMatchObject({ status: 'failed', failure: { kind: 'DATABASE_REFUSED' } });
      const processes = execFileSync('sh', ['-c', 'cat /proc/[0-9]*/cmdline 2>/dev/null | tr "\\0" " "'], {
        encoding: 'utf8',
        maxBuffer: 64 * 1024 * 1024,
      });
      for (const secret of [canary, readerPassword, encodeURIComponent(readerPassword)]) {
        expect(processes).not.toContain(secret);
        const holding = filesBelow(local.home).filter((file) => readFileSync(file).includes(secret));
        expect(holding).toEqual([]);
      }
    });
  });

  it('surveys several databases in one run, each in its section, and one that is down spoils no other', async () => {
    const run = await survey({
      sources: [
        { name: 'shop', db_conn_string: inPostgres() },
        { name: 'web', db_conn_string: inMariadb(), tables: ['orders'] },
        { name: 'plan', db_conn_string: `file://${files}` },
        { name: 'gone', db_conn_string: 'postgresql://reader:x@127.0.0.1:1/nowhere' },
      ],
      s3_prefix: 'reports/all',
    });
    expect(run.status).toBe('succeeded');
    expect(run.sources.map(({ failure }) => failure?.kind)).toEqual([
      undefined,
      undefined,
      undefined,
      'DATABASE_UNREACHABLE',
    ]);
    const report = await reportOf(run);
    const databases = report.profile?.databases ?? [];
    expect(databases.map(({ source, engine, tables }) => [source, engine, tables.map(({ table }) => table)])).toEqual([
      ['shop', 'postgres', ['customers', 'orders']],
      ['web', 'mysql', ['orders']],
      ['plan', 'duckdb', ['targets']],
      ['gone', 'postgres', []],
    ]);
    expect(databases[3]?.failure).toMatchObject({ kind: 'DATABASE_UNREACHABLE' });
    for (const { evidence_id, source } of report.evidence.filter(({ kind }) => kind === 'sql'))
      expect([evidence_id, source]).toEqual([evidence_id, expect.stringMatching(/^(shop|web|plan)$/)]);
    const page = readFileSync(local.service.reportFile(run.reports[0]?.html_key ?? ''), 'utf8');
    for (const anchor of ['d1', 'd2', 'd3', 'd4']) expect(page).toContain(`id="${anchor}"`);
  });

  it('fails where none of several databases opens', async () => {
    const nowhere = 'postgresql://reader:x@127.0.0.1:1/nowhere';
    const run = await survey({
      sources: [{ db_conn_string: nowhere }, { db_conn_string: nowhere }],
      s3_prefix: 'reports/none',
    });
    expect(run).toMatchObject({ status: 'failed', failure: { kind: 'DATABASE_UNREACHABLE' } });
  });

  it('surveys a named connection, whose rotated credential is the one that is used', async () => {
    await local.api.createConnection({ name: 'shop', db_conn_string: inPostgres().replace('reader', 'nobody') });
    const refused = await survey({ connection: 'shop', s3_prefix: 'reports/named' });
    expect(refused).toMatchObject({ status: 'failed', failure: { kind: 'DATABASE_REFUSED' } });
    await local.api.rotateConnection({ name: 'shop', db_conn_string: inPostgres() });
    const run = await survey({ connection: 'shop', s3_prefix: 'reports/named' });
    expect(run.status).toBe('succeeded');
    expect(run.sources).toMatchObject([{ name: 'main', kind: 'connection', connection: 'shop' }]);
    const { run_id } = await local.api.testConnection({ name: 'shop' });
    await local.ended(run_id);
    expect((await local.api.getConnection({ name: 'shop' })).test).toMatchObject({ status: 'passed', tables: 2 });
    await local.api.deleteConnection({ name: 'shop' });
    await expect(local.api.createCatalog({ connection: 'shop', s3_prefix: 'a' })).rejects.toMatchObject({
      kind: 'NOT_FOUND',
    });
  });

  it('keeps what was measured when the server dies in the middle, and ends the run', async () => {
    const { run_id } = await local.api.createCatalog({ db_conn_string: inMariadb(), s3_prefix: 'reports/dying' });
    await mariadb.kill();
    const run = await local.ended(run_id);
    // Which of the kinds, and whether at all, depends on how far it had got.
    expect(['failed', 'succeeded']).toContain(run.status);
    expect(run.failure?.kind ?? 'DATABASE_LOST').toMatch(/^DATABASE_(LOST|UNREACHABLE)$/);
    expect(run.failure?.message ?? '').not.toContain(readerPassword);
    await mariadb.restart();
    expect((await survey({ db_conn_string: inMariadb(), s3_prefix: 'reports/dying' })).status).toBe('succeeded');
    // A minute is waited for it to come back.
  }, 180_000);

  it('shows neither superuser’s password anywhere either', () => {
    for (const secret of [postgresPassword, mariadbPassword, encodeURIComponent(postgresPassword)]) {
      expect(filesBelow(local.home).filter((file) => readFileSync(file).includes(secret))).toEqual([]);
    }
  });
});

const filesBelow = (folder: string): string[] =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    const kind = statSync(path, { throwIfNoEntry: false });
    if (kind === undefined) return [];
    return kind.isDirectory() ? filesBelow(path) : kind.isFile() ? [path] : [];
  });
