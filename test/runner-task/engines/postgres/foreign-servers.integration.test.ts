import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenEngine } from '../../../../runner-task/supervisor/engines/open-engine.ts';
import { isMissing } from '../../../support/is-missing.ts';
import { startPostgres, type PostgresServer } from '../../../support/postgres-server.ts';
import { limits, openAs, outcomeOf } from './postgres-target.ts';

describe.skipIf(isMissing('postgres'))('a table that another server has to answer for', () => {
  let server: PostgresServer;
  let silent: Server;
  let engine: OpenEngine;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    server = await startPostgres();
    // Takes the connection, and never says a word.
    silent = createServer((socket) => void sockets.push(socket.on('error', () => undefined))).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    await server.run(`
      CREATE TABLE here (id int); INSERT INTO here SELECT generate_series(1, 7);
      CREATE EXTENSION postgres_fdw; CREATE EXTENSION file_fdw;
      CREATE SERVER dead FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '1', dbname 'x');
      CREATE SERVER mute FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '${port}', dbname 'x');
      CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
      CREATE SERVER itself FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '${server.port}', dbname 'app');
      CREATE USER MAPPING FOR PUBLIC SERVER dead OPTIONS (user 'u', password 'p');
      CREATE USER MAPPING FOR PUBLIC SERVER mute OPTIONS (user 'u', password 'p');
      CREATE USER MAPPING FOR PUBLIC SERVER itself OPTIONS (user 'reader', password 'only reads');
      CREATE FOREIGN TABLE ft_dead (id int) SERVER dead;
      CREATE FOREIGN TABLE ft_mute (id int) SERVER mute; CREATE FOREIGN TABLE ft_mute_too (id int) SERVER mute;
      CREATE VIEW v_mute AS SELECT id FROM ft_mute;
      CREATE TABLE parts (id int) PARTITION BY LIST (id);
      CREATE FOREIGN TABLE part_mute PARTITION OF parts FOR VALUES IN (1) SERVER mute;
      CREATE FOREIGN TABLE ft_missing (id int) SERVER files OPTIONS (filename '/nonexistent/x.csv', format 'csv');
      CREATE FOREIGN TABLE ft_gone (id int) SERVER itself OPTIONS (table_name 'no_such_table');
      CREATE FOREIGN TABLE ft_here (id int) SERVER itself OPTIONS (table_name 'here');
      CREATE ROLE reader LOGIN PASSWORD 'only reads'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader`);
    engine = await openAs(server, { user: 'reader', password: 'only reads' });
  });
  afterAll(async () => {
    await engine?.close();
    // Before PostgreSQL 16 the server could not end its sessions while they wait here.
    sockets.forEach((socket) => socket.destroy());
    silent?.close();
    await server?.stop();
  });

  const count = (table: string): Promise<string> =>
    outcomeOf(engine.run(`SELECT count(*) FROM ${table}`, { ...limits, seconds: 8 }));

  it('is read where that server answers', async () => {
    expect((await engine.run('SELECT count(*) FROM ft_here', limits)).values).toEqual([[7]]);
  });

  it('fails alone, in that server’s words, and not as if the database were lost', async () => {
    expect(await count('ft_dead')).toMatch(
      /^STATEMENT_FAILED: The foreign server .*could not connect to server "dead"[^]*Connection refused/,
    );
    expect(await count('ft_missing')).toMatch(/^STATEMENT_FAILED: could not open file "\/nonexistent\/x\.csv"/);
    expect(await count('ft_gone')).toMatch(/^STATEMENT_FAILED: [^]*no_such_table[^]*does not exist/);
    expect(await count('here')).toBe('no failure');
  });

  it('is given up soon where that server says nothing, which is asked once and no more', async () => {
    const started = Date.now();
    expect(await count('ft_mute')).toMatch(
      /^STATEMENT_FAILED: ft_mute .*foreign server mute.*within 4 s.*connect_timeout/,
    );
    expect(Date.now() - started).toBeLessThan(8_000);
    for (const table of ['ft_mute', 'ft_mute_too', 'v_mute', 'parts']) {
      const again = Date.now();
      expect(await count(table)).toMatch(/^STATEMENT_FAILED: .*foreign server mute/);
      expect(Date.now() - again).toBeLessThan(1_000);
    }
    expect(sockets).toHaveLength(1);
    expect(await count('here')).toBe('no failure');
  });
});
