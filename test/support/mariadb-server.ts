import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import { installedMariadb, type MariadbPrograms } from './mariadb-programs.ts';
import {
  accountOf,
  copyFreshData,
  freePort,
  makeServerFolder,
  startPrivateServer,
  type PrivateServer,
} from './private-server.ts';

/** A MariaDB server of a test's own. */
export type MariadbServer = PrivateServer & {
  /** The connection string of its superuser `owner`, for one of its databases. */
  url(database?: string, user?: string, password?: string): string;
  /** Runs a script as its superuser, several statements at once. */
  run(sql: string, database?: string): Promise<void>;
};

/** The password of the superuser; grepped for by the tests that look for leaks. */
export const mariadbPassword = 'ow-n_er Pw:2';

/** Starts MariaDB with a superuser called `owner` and an empty database `app`. `certificate` turns TLS on. */
export const startMariadb = async (
  options: {
    readonly certificate?: { readonly cert: string; readonly key: string };
    /** Those of another version, or of MySQL. */
    readonly programs?: MariadbPrograms;
    readonly args?: readonly string[];
  } = {},
): Promise<MariadbServer> => {
  const { server, serverArgs, installer, installerArgs } = options.programs ?? installedMariadb();
  const account = accountOf('mysql');
  const folder = makeServerFolder('surveyor-my', account);
  const data = copyFreshData({
    folder,
    account,
    installer,
    password: '',
    args: installerArgs,
  });
  const tls: string[] = [];
  if (options.certificate !== undefined) {
    const { cert, key } = options.certificate;
    execFileSync('sh', ['-c', 'cat > cert.pem'], { input: cert, cwd: folder, ...account });
    execFileSync('sh', ['-c', 'umask 077; cat > key.pem'], { input: key, cwd: folder, ...account });
    tls.push(`--ssl-cert=${folder}/cert.pem`, `--ssl-key=${folder}/key.pem`);
  }
  const port = await freePort();
  const url = (database = 'app', user = 'owner', password = mariadbPassword): string =>
    `mysql://${encodeURIComponent(user)}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
  const socketPath = join(folder, 'sock');
  const started = await startPrivateServer({
    folder,
    port,
    program: server,
    args: [
      '--no-defaults',
      `--datadir=${data}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--socket=${socketPath}`,
      `--pid-file=${folder}/pid`,
      // A server that starts clears such files of others from a folder that they share.
      `--tmpdir=${folder}`,
      // Small, and nothing here has to survive a power cut.
      '--innodb-buffer-pool-size=64M',
      '--innodb-flush-log-at-trx-commit=0',
      '--skip-name-resolve',
      '--character-set-server=utf8mb4',
      '--sql-mode=NO_ENGINE_SUBSTITUTION',
      ...serverArgs,
      ...(options.args ?? []),
      ...tls,
    ],
    account,
    isReady: async () => {
      try {
        await (await mysql.createConnection({ socketPath, user: 'root' })).end();
        return true;
      } catch {
        return false;
      }
    },
  });
  const root = await mysql.createConnection({ socketPath, user: 'root', multipleStatements: true });
  await root.query(
    `CREATE USER owner@'%' IDENTIFIED BY '${mariadbPassword}'; GRANT ALL ON *.* TO owner@'%' WITH GRANT OPTION; CREATE DATABASE app`,
  );
  await root.end();
  const run = async (sql: string, database = 'app'): Promise<void> => {
    const connection = await mysql.createConnection({
      host: '127.0.0.1',
      port,
      user: 'owner',
      password: mariadbPassword,
      database,
      multipleStatements: true,
    });
    try {
      await connection.query(sql);
    } finally {
      await connection.end();
    }
  };
  return { ...started, url, run };
};
