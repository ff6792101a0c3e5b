import { homedir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../../bin/local/settings.ts';
import { ensurePythonEnvironment } from '../../../src/adapters/local/python-environment.ts';

let made: Promise<string> | undefined;

/** The interpreter of the kernel's environment, which is made once on a machine. */
export const kernelPython = (): Promise<string> =>
  (made ??= ensurePythonEnvironment({
    cacheDir: join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'surveyor'),
    requirementsFile: join(projectRoot, 'runner-task/kernel/requirements.txt'),
    onProgress: () => undefined,
  }));
