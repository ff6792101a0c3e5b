import { chmodSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workspaceLimits } from '../../runner-task/supervisor/kernel-limits.ts';
import { limitWalks, walkPrelude } from '../runner-task/jail/limit-walks.ts';
import { measurePeak } from '../runner-task/jail/peak-usage.ts';
import { mountSmallDisk, type SmallDisk } from '../support/small-disk.ts';
import { startTask, type ContainerOptions, type Task } from './container.ts';

const mebibyte = 1024 * 1024;
/** What `container.ts` gives its kernels. */
const memoryBytes = 2 * 1024 * mebibyte;
const allowance = 1.1;
const lowestUser = 1_900_000_000;

/** The kernel that has a session, seen from outside: the one that has become a user of its own and is no watch. */
const kernelOf = (listener: number): number => {
  const children = readFileSync(`/proc/${listener}/task/${listener}/children`, 'utf8').split(' ').filter(Boolean);
  const found = children.filter((pid) => {
    const user = Number(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
    return user >= lowestUser && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('/main.py');
  });
  expect(found).toHaveLength(1);
  return Number(found[0]);
};

/** That code in a container of kernels is held within its limits, by whatever walk. */
export const describeWalks = (where: string, optionsOf: () => ContainerOptions & { readonly data: string }): void => {
  describe(`a walk around the limits ${where}`, () => {
    let disk: SmallDisk;
    let task: Task;
    beforeAll(async () => {
      const mounted = mountSmallDisk(1_600);
      if (!mounted) throw new Error('Root may not mount here.');
      disk = mounted;
      chmodSync(disk.folder, 0o755);
      task = await startTask(optionsOf(), disk.folder);
    });
    afterAll(async () => {
      await task?.end();
      disk?.remove();
    });

    // Where other programs want the processors, those that write byte by byte take a minute and more.
    it.each(limitWalks)(
      'is held within the limit of $of: $name',
      { timeout: 240_000 },
      async ({ of, code, between }) => {
        await task.call('start_session', { agent: 'cataloging', statement_limit: 1 });
        const cell = async (text: string) =>
          (await task.call('execute_python', { agent: 'cataloging', code: text, seconds: 150 })).cell;
        await cell(`${walkPrelude}${code}`);
        const stop = await measurePeak(disk.folder, kernelOf(task.kernels.pid));
        const limit = of === 'memory' ? memoryBytes : workspaceLimits.bytes;
        const { stdout, state_lost } = await cell(
          `try: walk(${limit}); print("walked")\nexcept (OSError, MemoryError) as error: print("held:", type(error).__name__)`,
        );
        if (between) await new Promise((resolve) => setTimeout(resolve, 3_000));
        const peak = await stop();
        await task.call('end_session', {});
        console.log(
          `${where}, ${of}: ${(peak.space / workspaceLimits.bytes).toFixed(2)} of the space, ${(peak.entries / workspaceLimits.entries).toFixed(2)} of the entries, ${(peak.resident / memoryBytes).toFixed(2)} of the memory`,
        );
        expect.soft(between === true || state_lost || stdout.startsWith('held: ')).toBe(true);
        expect.soft(peak.space).toBeLessThanOrEqual(allowance * workspaceLimits.bytes);
        expect.soft(peak.entries).toBeLessThanOrEqual(allowance * workspaceLimits.entries);
        expect.soft(peak.resident).toBeLessThanOrEqual(allowance * memoryBytes);
        expect.soft(peak.shared).toBeLessThanOrEqual(allowance * workspaceLimits.bytes);
      },
    );
  });
};
