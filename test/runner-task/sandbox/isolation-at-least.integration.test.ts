import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAtLeast, isolationLevel } from '../../../runner-task/supervisor/isolation.ts';
import { workspaceLimits } from '../../../runner-task/supervisor/kernel-limits.ts';
import { startKernel } from '../../../runner-task/supervisor/kernel-process.ts';
import { spawnKernels } from '../../../runner-task/supervisor/spawn-kernel.ts';
import { IsolationLevel } from '../../../src/contracts/isolation.ts';
import { kernelPython } from '../jail/jailed-session.ts';
import { leaveOut } from '../../support/is-missing.ts';

const kernel = fileURLToPath(new URL('../../../runner-task/kernel', import.meta.url));
const levels = IsolationLevel.options;

describe('the least jail that is demanded', () => {
  const folder = mkdtempSync(join(tmpdir(), 'surveyor-least-'));
  let python: string;
  beforeAll(async () => {
    chmodSync(folder, 0o755);
    python = await kernelPython();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Begins a session in a jail that goes up to one level, where another one is demanded; its cell says what 6 × 7 is. */
  const begin = async (at_most: IsolationLevel, at_least: IsolationLevel): Promise<string> => {
    const host = spawnKernels({ python, kernel, folder: mkdtempSync(join(folder, 'kernel-')) });
    const workspace = await host.makeWorkspace(workspaceLimits);
    const started = startKernel({
      host,
      isolation_at_most: at_most,
      isolation_at_least: at_least,
    });
    try {
      await started.begin({ workspace, databases: [], failures: [] }, () => undefined);
      const { cell } = await started.execute('6 * 7');
      return `${(await started.hello).isolation}\n${cell?.result}`;
    } finally {
      started.kill();
      await started.ended;
    }
  };
  const pairs = levels.flatMap((at_most) => levels.map((at_least) => [at_most, at_least] as const));

  it.each(pairs.filter(([most, least]) => !isAtLeast(most, least)))(
    'refuses with SANDBOX_UNAVAILABLE, and says why, a jail of the level %s where %s is demanded',
    async (at_most, at_least) => {
      await expect(begin(at_most, at_least)).rejects.toMatchObject({
        kind: 'SANDBOX_UNAVAILABLE',
        message: expect.stringMatching(
          new RegExp(
            `this machine gives a jail of the level "(${levels.join('|')}): .*, and "${at_least}" is the least`,
          ),
        ) as string,
      });
    },
  );

  it.for(pairs.filter(([most, least]) => isAtLeast(most, least)))(
    'runs code in a jail of the level %s where %s is demanded',
    async ([at_most, at_least], { skip }) => {
      const given = await begin(at_most, 'process');
      const level = isolationLevel(given);
      skip(!isAtLeast(level, at_least) && leaveOut('jail', `the level "${at_least}"; here is ${given}`));
      expect(await begin(at_most, at_least)).toMatch(new RegExp(`^${at_most}: [^]*\n42$`));
    },
  );
});
