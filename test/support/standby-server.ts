import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import pg from 'pg';
import { postgresPassword, type PostgresServer } from './postgres-server.ts';
import { accountOf, freePort, makeServerFolder, startPrivateServer, type PrivateServer } from './private-server.ts';

const programs = '/usr/lib/postgresql/15/bin';

/** A standby of a test's server, which streams from it; it can be made a primary. */
export type StandbyServer = PrivateServer & {
  url(database?: string, user?: string, password?: string): string;
  /** Waits until it has all that its primary has written. */
  caughtUp(): Promise<void>;
};

/** Starts a hot standby that waits for nobody: what it replays ends the statements that are in its way. */
export const startStandby = async (primary: PostgresServer): Promise<StandbyServer> => {
  const account = accountOf('postgres');
  const folder = makeServerFolder('surveyor-standby', account);
  const data = join(folder, 'data');
  const source = `host=127.0.0.1 port=${primary.port} user=owner`;
  execFileSync(
    join(programs, 'pg_basebackup'),
    ['-d', source, '-D', data, '--write-recovery-conf', '--checkpoint=fast', '--no-sync', '--wal-method=stream'],
    { ...account, cwd: folder, env: { ...process.env, PGPASSWORD: postgresPassword }, stdio: 'pipe' },
  );
  const port = await freePort();
  const url = (database = 'app', user = 'owner', password = postgresPassword): string =>
    `postgresql://${encodeURIComponent(user)}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
  const ask = async (connectionString: string, sql: string): Promise<unknown> => {
    const client = new pg.Client({ connectionString });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query<{ answer: unknown }>(sql)).rows[0]?.answer;
    } finally {
      await client.end();
    }
  };
  const settings = [
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${folder}`,
    'fsync=off',
    'shared_buffers=64MB',
  ];
  const started = await startPrivateServer({
    folder,
    port,
    program: join(programs, 'postgres'),
    args: ['-D', data, '-p', String(port)].concat(
      [...settings, 'max_connections=60', 'max_standby_streaming_delay=0'].flatMap((setting) => ['-c', setting]),
    ),
    account,
    isReady: async () => {
      try {
        return (await ask(url('postgres'), 'SELECT pg_is_in_recovery() AS answer')) === true;
      } catch {
        return false;
      }
    },
  });
  return {
    ...started,
    url,
    caughtUp: async () => {
      const written = String(await ask(primary.url('postgres'), 'SELECT pg_current_wal_lsn()::text AS answer'));
      for (;;) {
        const sql = `SELECT pg_last_wal_replay_lsn() >= '${written}'::pg_lsn AS answer`;
        if ((await ask(url('postgres'), sql)) === true) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
  };
};
