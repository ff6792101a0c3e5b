import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import mysql from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenEngine } from '../../../../runner-task/supervisor/engines/open-engine.ts';
import { isMissing } from '../../../support/is-missing.ts';
import { mariadbPassword, startMariadb, type MariadbServer } from '../../../support/mariadb-server.ts';
import { failureOf, limits, open } from './mysql-target.ts';

const password = 'r-ole_ Pw:1';

describe.skipIf(isMissing('mariadb'))('statements on MariaDB', () => {
  let server: MariadbServer;
  let engine: OpenEngine;
  /** What a user can see of the server from outside. */
  let watcher: mysql.Connection;
  const watch = async (): Promise<void> => {
    watcher = await mysql.createConnection({
      host: '127.0.0.1',
      port: server.port,
      user: 'owner',
      password: mariadbPassword,
      database: 'app',
    });
    watcher.on('error', () => undefined);
  };
  beforeAll(async () => {
    server = await startMariadb();
    await server.run(`CREATE TABLE t (id INT PRIMARY KEY, v INT); INSERT INTO t VALUES (1, 10), (2, 20);
      CREATE USER reader IDENTIFIED BY '${password}'; GRANT SELECT ON app.* TO reader`);
    engine = await open(server.port);
    await watch();
  });
  afterAll(async () => {
    await engine.close();
    watcher.destroy();
    await server.stop();
  });

  const valueOf = async (sql: string): Promise<unknown> => (await engine.run(sql, limits)).values[0]?.[0];
  const runningLike = async (text: string): Promise<number> => {
    const [rows] = await watcher.query<mysql.RowDataPacket[]>(
      `SELECT count(*) AS n FROM information_schema.PROCESSLIST WHERE INFO LIKE ? AND ID <> CONNECTION_ID()`,
      [`%${text}%`],
    );
    return Number(rows[0]?.['n']);
  };
  /** Waits until so many statements run that hold the text; gives up after 10 s. */
  const waitForRunning = async (text: string, wanted: number): Promise<void> => {
    for (let tries = 0; tries < 500; tries += 1) {
      if ((await runningLike(text)) === wanted) return;
      await sleep(20);
    }
    throw new Error(`${await runningLike(text)} statements run with ${text}, wanted ${wanted}`);
  };

  it('needs the session’s read-only mode: the transaction’s alone lets DDL through', async () => {
    await watcher.query('START TRANSACTION READ ONLY');
    await watcher.query('CREATE TABLE let_through (id INT)');
    await watcher.query('ROLLBACK');
    const [tables] = await watcher.query<mysql.RowDataPacket[]>(`SHOW TABLES LIKE 'let_through'`);
    expect(tables).toHaveLength(1);
    await watcher.query('DROP TABLE let_through');
    expect((await failureOf(engine.run('CREATE TABLE let_through (id INT)', limits))).kind).toBe('STATEMENT_REFUSED');
  });

  it.each([
    'CREATE TABLE made (id INT)',
    'DROP TABLE t',
    'TRUNCATE t',
    'ALTER TABLE t ADD COLUMN w INT',
    'INSERT INTO t VALUES (3, 30)',
    'UPDATE t SET v = 0',
    'DELETE FROM t',
    'CREATE USER somebody',
    'GRANT ALL ON *.* TO reader',
  ])('refuses %s, though the owner may', async (sql) => {
    const failure = await failureOf(engine.run(sql, limits));
    expect(failure.kind).toBe('STATEMENT_REFUSED');
    expect(await valueOf('SELECT sum(v) FROM t')).toBe('30');
  });

  it.each(['SELECT 1; SELECT 2', 'SELECT 1; COMMIT; DELETE FROM t', 'SELECT 1;; DROP TABLE t'])(
    'runs no two statements: %s',
    async (sql) => {
      expect((await failureOf(engine.run(sql, limits))).kind).toMatch(/^STATEMENT_(REFUSED|FAILED)$/);
      expect(await valueOf('SELECT count(*) FROM t')).toBe(2);
    },
  );

  it('carries nothing over to the next statement', async () => {
    await engine.run('SET SESSION TRANSACTION READ WRITE', limits).catch(() => undefined);
    await engine.run(`SET sql_mode = 'ANSI_QUOTES', time_zone = '+05:00'`, limits).catch(() => undefined);
    // Of what writes, DDL is what the transaction alone would let through.
    expect((await failureOf(engine.run('CREATE TABLE carried (id INT)', limits))).kind).toBe('STATEMENT_REFUSED');
    expect(await valueOf('SELECT @@time_zone')).toBe('+00:00');
    expect(await valueOf('SELECT "text"')).toBe('text');
  });

  it('reads no file of this machine', async () => {
    const failure = await failureOf(engine.run(`LOAD DATA LOCAL INFILE '/etc/hostname' INTO TABLE t`, limits));
    expect(failure.kind).toMatch(/^STATEMENT_(REFUSED|FAILED)$/);
  });

  it('says what the server says of a wrong one', async () => {
    const failure = await failureOf(engine.run('SELECT nope FROM t', limits));
    expect(failure.kind).toBe('STATEMENT_FAILED');
    expect(failure.message).toContain("Unknown column 'nope'");
  });

  it('cuts at the limit of rows, and knows a result that fits', async () => {
    const cut = await engine.run('SELECT seq FROM seq_1_to_1000000', { ...limits, rows: 3 });
    expect(cut).toMatchObject({ values: [[1, 2, 3]], rows: 3, truncated: true });
    const limited = await engine.run('SELECT seq FROM seq_1_to_1000000 LIMIT 900000', { ...limits, rows: 3 });
    expect(limited).toMatchObject({ values: [[1, 2, 3]], rows: 3, truncated: true });
    const whole = await engine.run('SELECT seq FROM seq_1_to_3', { ...limits, rows: 3 });
    expect(whole).toMatchObject({ values: [[1, 2, 3]], rows: 3, truncated: false });
  });

  it('drops the rest of a result by ending it on the server, not by reading on', async () => {
    const before = Number(await valueOf('SELECT CONNECTION_ID()'));
    const sql = `SELECT repeat('x', 1000) FROM seq_1_to_2000000 LIMIT 2000000`;
    const table = await engine.run(sql, { ...limits, rows: 100_000, bytes: 100_000 });
    expect(table.truncated).toBe(true);
    expect(table.rows).toBeGreaterThan(90);
    expect(table.rows).toBeLessThan(100);
    expect(await runningLike('seq_1_to_2000000')).toBe(0);
    // The same connection goes on; of 2 GB it has sent what lay in the buffers.
    expect(await valueOf('SELECT CONNECTION_ID()')).toBe(before);
    const sent = await valueOf(
      `SELECT variable_value FROM information_schema.session_status WHERE variable_name = 'BYTES_SENT'`,
    );
    expect(Number(sent)).toBeLessThan(64 * 1024 * 1024);
  });

  it('does not wait for a row that is far beyond the limit', async () => {
    const before = await valueOf('SELECT CONNECTION_ID()');
    const row = Array.from({ length: 4 }, () => `repeat('x', 16000000)`).join(', ');
    const table = await engine.run(`SELECT ${row}`, { ...limits, bytes: 10_000 });
    expect(table).toMatchObject({ rows: 0, truncated: true });
    expect(await valueOf('SELECT CONNECTION_ID()')).not.toBe(before);
  });

  it('ends on the server when its seconds are over', async () => {
    const failure = await failureOf(engine.run('SELECT sleep(5) AS by_limit', { ...limits, seconds: 1 }));
    expect(failure.kind).toBe('RUNNER_TIMEOUT');
    expect(failure.message).toContain('longer than 1 s');
    expect(await runningLike('by_limit')).toBe(0);
  });

  it('ends on the server when it is interrupted, and the next one runs on the same connection', async () => {
    const before = await valueOf('SELECT CONNECTION_ID()');
    const failing = failureOf(engine.run('SELECT count(*) AS by_us FROM seq_1_to_100000 a, seq_1_to_100000 b', limits));
    await waitForRunning('by_us', 1);
    engine.interrupt();
    expect((await failing).kind).toBe('RUNNER_TIMEOUT');
    await waitForRunning('by_us', 0);
    expect(await valueOf('SELECT CONNECTION_ID()')).toBe(before);
  });

  it('is not ended by an interrupt that was meant for the one before', async () => {
    for (let round = 0; round < 40; round += 1) {
      const quick = engine.run('SELECT sleep(0.003)', limits).catch(() => undefined);
      await sleep(round / 8);
      engine.interrupt();
      await quick;
      // Long enough for a KILL that comes late: a sleep that is ended fails.
      expect(await valueOf(`SELECT ${round} + sleep(0.02)`)).toBe(round);
    }
  });

  it('connects anew where a network on the way has forgotten an idle connection', async () => {
    const held = new Set<Socket>();
    let forgetful = false;
    const proxy = createServer((near) => {
      const far = connect(server.port, '127.0.0.1');
      held.add(near).add(far);
      near
        .on('error', () => undefined)
        .on('data', (data) => {
          // As a router does that no longer knows the connection: nobody is told before the next packet.
          if (forgetful && held.has(near)) near.resetAndDestroy();
          else far.write(data);
        });
      far.on('error', () => undefined).pipe(near);
    }).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const other = await open((proxy.address() as AddressInfo).port);
    const run = async () => (await other.run('SELECT sum(v) FROM t', limits)).values;
    expect(await run()).toEqual([['30']]);
    proxy.once('connection', () => {
      forgetful = false;
    });
    forgetful = true;
    expect(await run()).toEqual([['30']]);
    await other.close();
    for (const socket of held) socket.destroy();
    proxy.close();
  });

  it('connects anew where an idle connection has ended', async () => {
    const id = Number(await valueOf('SELECT CONNECTION_ID()'));
    await watcher.query(`KILL CONNECTION ${id}`);
    expect(await valueOf('SELECT sum(v) FROM t')).toBe('30');
    expect(await valueOf('SELECT CONNECTION_ID()')).not.toBe(id);
  });

  it('is lost with its connection, and the next one connects anew', async () => {
    const id = Number(await valueOf('SELECT CONNECTION_ID()'));
    const failing = failureOf(engine.run('SELECT sleep(50) AS cut_off', limits));
    await waitForRunning('cut_off', 1);
    await watcher.query(`KILL CONNECTION ${id}`);
    expect((await failing).kind).toBe('DATABASE_LOST');
    expect(await valueOf('SELECT sum(v) FROM t')).toBe('30');
  });

  it('is lost with the server, says so while it is down, and runs when it is back', async () => {
    const failing = failureOf(engine.run('SELECT sleep(50) AS crashed', limits));
    await waitForRunning('crashed', 1);
    await server.kill();
    const lost = await failing;
    expect(lost.kind).toBe('DATABASE_LOST');
    const down = await failureOf(engine.run('SELECT 1', limits));
    expect(down.kind).toBe('DATABASE_UNREACHABLE');
    expect(down.message).toMatch(/Nothing takes connections/);
    await server.restart();
    expect(await valueOf('SELECT sum(v) FROM t')).toBe('30');
    await watch();
    for (const { message } of [lost, down]) expect(message).not.toContain(mariadbPassword);
  });

  it('leaves no connection behind when it is closed', async () => {
    const other = await open(server.port, { user: 'reader', password, writable_role: 'refuse' });
    const count = async (): Promise<number> => {
      const [rows] = await watcher.query<mysql.RowDataPacket[]>(
        `SELECT count(*) AS n FROM information_schema.PROCESSLIST WHERE USER = 'reader'`,
      );
      return Number(rows[0]?.['n']);
    };
    expect(await count()).toBeGreaterThan(0);
    await other.close();
    for (let tries = 0; tries < 500 && (await count()) > 0; tries += 1) await sleep(20);
    expect(await count()).toBe(0);
  });
});
