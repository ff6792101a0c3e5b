import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const requirements = fileURLToPath(new URL('requirements.txt', import.meta.url));

/** A Python with the writers of files that tests read: installed once, kept by the hash of what it has. */
export const writersPython = async (): Promise<string> => {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'surveyor');
  const hash = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 16);
  const folder = join(cache, `writers-${hash}`);
  const python = join(folder, 'bin', 'python');
  if (existsSync(python)) return python;
  mkdirSync(cache, { recursive: true });
  const draft = mkdtempSync(join(cache, 'writers-'));
  try {
    const run = promisify(execFile);
    await run('python3', ['-m', 'venv', draft], { timeout: 120_000 });
    const quiet = ['--quiet', '--disable-pip-version-check', '--no-input', '--require-hashes', '-r', requirements];
    await run(join(draft, 'bin', 'python'), ['-m', 'pip', 'install', ...quiet], { timeout: 300_000 });
    renameSync(draft, folder);
  } catch (thrown) {
    rmSync(draft, { recursive: true, force: true });
    // Another test may have been there first.
    if (!existsSync(python)) throw thrown;
  }
  return python;
};
