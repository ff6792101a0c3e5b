import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { accountOf, findProgram, freePort, makeServerFolder, startPrivateServer } from './private-server.ts';
import { postgresPassword, type PostgresServer } from './postgres-server.ts';

const program = findProgram('/usr/sbin/pgbouncer');

/** A PgBouncer before a test's PostgreSQL, in transaction mode. */
export type Pooler = {
  readonly port: number;
  stop(): Promise<void>;
};

/**
 * Starts PgBouncer in transaction mode with this many sessions at the server for each user and database. It knows users by
 * the passwords it is given, as the server does.
 */
export const startPooler = async (
  server: PostgresServer,
  { sessions, users }: { readonly sessions: number; readonly users: Readonly<Record<string, string>> },
): Promise<Pooler> => {
  if (program === undefined) throw new Error('PgBouncer is not installed');
  const account = accountOf('postgres');
  const folder = makeServerFolder('surveyor-pooler', account);
  const port = await freePort();
  const known = Object.entries({ ...users, owner: postgresPassword }).map(([user, word]) => `"${user}" "${word}"\n`);
  writeFileSync(join(folder, 'users.txt'), known.join(''), { mode: 0o644 });
  writeFileSync(
    join(folder, 'pooler.ini'),
    `[databases]
* = host=127.0.0.1 port=${server.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${folder}/users.txt
pool_mode = transaction
default_pool_size = ${sessions}
`,
    { mode: 0o644 },
  );
  const started = await startPrivateServer({
    folder,
    port,
    program,
    args: [join(folder, 'pooler.ini')],
    account,
    isReady: async () => {
      const client = new pg.Client({
        host: '127.0.0.1',
        port,
        user: 'owner',
        password: postgresPassword,
        database: 'app',
      });
      client.on('error', () => undefined);
      return client.connect().then(
        () => client.end().then(() => true),
        () => false,
      );
    },
  });
  return { port, stop: () => started.stop() };
};
