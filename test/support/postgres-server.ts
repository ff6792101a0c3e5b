import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import pg from 'pg';
import {
  accountOf,
  copyFreshData,
  findProgram,
  freePort,
  makeServerFolder,
  startPrivateServer,
  type PrivateServer,
} from './private-server.ts';

const installed = '/usr/lib/postgresql/15/bin';

/** A PostgreSQL server of a test's own. */
export type PostgresServer = PrivateServer & {
  /** The connection string of its superuser `owner`, for one of its databases. */
  url(database?: string, user?: string, password?: string): string;
  /** Runs a script as its superuser, several statements at once. */
  run(sql: string, database?: string): Promise<void>;
};

/** The password of the superuser; grepped for by the tests that look for leaks. */
export const postgresPassword = 'ow-n_er Pw:1';

/**
 * Starts PostgreSQL with a superuser called `owner` and an empty database `app`. Passwords are checked (scram), although
 * it listens on loopback. `certificate` turns TLS on.
 */
export const startPostgres = async (
  options: {
    readonly certificate?: { readonly cert: string; readonly key: string };
    /** The folder of another version's programs. */
    readonly programs?: string;
  } = {},
): Promise<PostgresServer> => {
  const programs = options.programs ?? installed;
  const server = findProgram(join(programs, 'postgres'));
  if (server === undefined) throw new Error('PostgreSQL is not installed');
  const account = accountOf('postgres');
  const folder = makeServerFolder('surveyor-pg', account);
  const data = copyFreshData({
    folder,
    account,
    installer: join(programs, 'initdb'),
    password: postgresPassword,
    args: (draft) => [
      `--pgdata=${draft}/data`,
      `--pwfile=${draft}/password`,
      '--username=owner',
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C.UTF-8',
      '--no-sync',
    ],
  });
  const tls: string[] = [];
  if (options.certificate !== undefined) {
    const { cert, key } = options.certificate;
    execFileSync('sh', ['-c', 'cat > cert.pem'], { input: cert, cwd: folder, ...account });
    execFileSync('sh', ['-c', 'umask 077; cat > key.pem'], { input: key, cwd: folder, ...account });
    tls.push('-c', 'ssl=on', '-c', `ssl_cert_file=${folder}/cert.pem`, '-c', `ssl_key_file=${folder}/key.pem`);
  }
  const port = await freePort();
  const url = (database = 'app', user = 'owner', password = postgresPassword): string =>
    `postgresql://${encodeURIComponent(user)}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
  const connect = async (database: string): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: url(database) });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };
  const started = await startPrivateServer({
    folder,
    port,
    program: server,
    args: [
      '-D',
      data,
      '-p',
      String(port),
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      `unix_socket_directories=${folder}`,
    ]
      // Nothing here has to survive a power cut.
      .concat(['-c', 'fsync=off', '-c', 'shared_buffers=64MB', '-c', 'max_connections=60', ...tls]),
    account,
    isReady: async () => {
      try {
        await (await connect('postgres')).end();
        return true;
      } catch {
        return false;
      }
    },
  });
  const run = async (sql: string, database = 'app'): Promise<void> => {
    const client = await connect(database);
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  };
  await run('CREATE DATABASE app', 'postgres');
  return { ...started, url, run };
};
