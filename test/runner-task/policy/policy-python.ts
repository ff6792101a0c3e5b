import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensurePythonEnvironment } from '../../../src/adapters/local/python-environment.ts';

/** The Python that the policy of MySQL parses with: the kernel's. */
export const policyPython = (): Promise<string> =>
  ensurePythonEnvironment({
    cacheDir: join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'surveyor'),
    requirementsFile: fileURLToPath(new URL('../../../runner-task/kernel/requirements.txt', import.meta.url)),
    onProgress: () => undefined,
  });
