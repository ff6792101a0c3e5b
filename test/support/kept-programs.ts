import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * The folder of programs that a package brings, kept on this machine under a name; `unpack` puts them into a folder that is
 * not there yet, with another one to work in.
 */
export const keptPrograms = (name: string, unpack: (folder: string, scratch: string) => void): string => {
  const kept = join(tmpdir(), `surveyor-${name}`);
  if (existsSync(kept)) return kept;
  const scratch = mkdtempSync(join(tmpdir(), 'surveyor-programs-'));
  try {
    unpack(join(scratch, 'programs'), scratch);
    // Servers run as users of their own.
    execFileSync('chmod', ['-R', 'a+rX', join(scratch, 'programs')]);
    renameSync(join(scratch, 'programs'), kept);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return kept;
};

/** Copies an artifact of Maven (`group:name:version`) into a folder, as the ordinary client does, and answers its path. */
export const mavenJar = (artifact: string, folder: string): string => {
  const copy = ['dependency:copy', `-Dartifact=${artifact}:jar`, `-DoutputDirectory=${folder}`];
  execFileSync('mvn', ['-q', '-B', ...copy], { cwd: folder, stdio: 'ignore' });
  const [, name, version] = artifact.split(':');
  return join(folder, `${name}-${version}.jar`);
};
