import { existsSync } from 'node:fs';
import type { Engine } from '../../src/contracts/engine.ts';

/**
 * What tests need and a machine may lack, and how to get it. A test that needs one of these says so by
 * `describe.skipIf(isMissing('postgres'))`; nothing else skips.
 */
const requirements = {
  postgres: {
    isHere: () => existsSync('/usr/lib/postgresql/15/bin/postgres'),
    advice: 'install the Debian package postgresql-15',
  },
  pgbouncer: {
    isHere: () => existsSync('/usr/sbin/pgbouncer'),
    advice: 'install the Debian package pgbouncer',
  },
  mariadb: {
    isHere: () => existsSync('/usr/sbin/mariadbd') && existsSync('/usr/bin/mariadb-install-db'),
    advice: 'install the Debian package mariadb-server',
  },
  maven: { isHere: () => existsSync('/usr/bin/mvn'), advice: 'install the Debian package maven' },
  data: {
    isHere: () => existsSync(process.env['SURVEYOR_TEST_DATA'] ?? ''),
    advice: 'set SURVEYOR_TEST_DATA to a folder with chinook/ and northwind/',
  },
  linux: { isHere: () => process.platform === 'linux', advice: 'run them on Linux' },
  x64: { isHere: () => process.arch === 'x64', advice: 'run them on x86-64' },
  root: { isHere: () => process.platform === 'linux' && process.getuid?.() === 0, advice: 'run them as root on Linux' },
  debian: { isHere: () => existsSync('/usr/bin/dpkg-deb'), advice: 'run them on Debian' },
  // Whether these are here is known only when they have been tried: `leaveOut` says that they are not.
  jail: { isHere: () => true, advice: 'run them where namespaces, seccomp and Landlock are allowed' },
  emulator: { isHere: () => true, advice: 'let pip install MiniStack, or set SURVEYOR_TEST_MINISTACK' },
} as const satisfies Record<string, { readonly isHere: () => boolean; readonly advice: string }>;

/** The name of something that tests need. */
export type Requirement = keyof typeof requirements;

/** How each line about tests that are left out begins; `left-out-reporter.ts` repeats them at the end of a run. */
export const leftOutPrefix = 'LEFT OUT: ';

const isRequirement = (name: string): name is Requirement => Object.hasOwn(requirements, name);

/** The requirements that SURVEYOR_TEST_REQUIRE names: where one is missing, tests fail instead of being left out. */
const required = (): readonly Requirement[] =>
  (process.env['SURVEYOR_TEST_REQUIRE'] ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .map((name) => {
      if (isRequirement(name)) return name;
      throw new Error(`SURVEYOR_TEST_REQUIRE: there is no ${name}; use ${Object.keys(requirements).join(', ')}.`);
    });

const said = new Set<string>();

/** Says that tests are left out for the lack of something; throws where SURVEYOR_TEST_REQUIRE demands it. */
export const leaveOut = (name: Requirement, reason?: string): true => {
  const message = `tests that need ${name}; ${requirements[name].advice}${reason === undefined ? '' : ` (${reason})`}`;
  if (required().includes(name)) throw new Error(`SURVEYOR_TEST_REQUIRE forbids leaving out ${message}.`);
  if (!said.has(message)) console.log(`${leftOutPrefix}${message}`);
  said.add(message);
  return true;
};

/** Whether something is missing here that tests need; says so, or throws where SURVEYOR_TEST_REQUIRE demands it. */
export const isMissing = (...names: readonly Requirement[]): boolean => {
  // All are asked, so that all are said.
  const missing = names.filter((name) => !requirements[name].isHere()).map((name) => leaveOut(name));
  return missing.length > 0;
};

/** What a test of an engine needs. */
export const needsOf: Readonly<Record<Engine, readonly Requirement[]>> = {
  duckdb: [],
  sqlite: [],
  postgres: ['postgres'],
  mysql: ['mariadb'],
};
