import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../bin/local/settings.ts';
import type { Measurement } from './measurement.ts';

/** `npm start` from the command to both finished reports, packages and Python installed, in a home of its own: the median of three. */
export const benchStart = async (): Promise<readonly Measurement[]> => {
  const home = mkdtempSync(join(tmpdir(), 'surveyor-bench-start-'));
  const environment = {
    ...process.env,
    SURVEYOR_HOME: join(home, 'data'),
    XDG_CONFIG_HOME: join(home, 'config'),
    SURVEYOR_PORT: '0',
  };
  try {
    const seconds: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      const started = performance.now();
      await run(['bin/launch.mjs', 'start', '--once'], environment);
      // The first round makes the datasets.
      if (round > 0) seconds.push((performance.now() - started) / 1000);
    }
    return [
      {
        name: 'npm start, warm, to both reports',
        value: seconds.toSorted((a, b) => a - b)[1] ?? Number.NaN,
        unit: 's',
        goal: '≤ 10',
      },
    ];
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
};

const run = (args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: projectRoot, env, stdio: 'ignore' });
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`npm start ended with ${code}`))));
  });
