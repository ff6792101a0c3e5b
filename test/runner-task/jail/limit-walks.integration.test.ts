import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isMissing } from '../../support/is-missing.ts';
import { mountSmallDisk, type SmallDisk } from '../../support/small-disk.ts';
import { jailedSession, kernelPython, type JailedSession } from './jailed-session.ts';
import { limitWalks, walkPrelude } from './limit-walks.ts';
import { openPython } from './open-python.ts';
import { measurePeak } from './peak-usage.ts';

const mebibyte = 1024 * 1024;
const limits = { bytes: 192 * mebibyte, entries: 10_000, depth: 8 } as const;
const memory_bytes = 512 * mebibyte;
/** Beside what it is allowed: the goal. */
const allowance = 1.1;

/** What the container of kernels has. */
const ofKernels = ['+chown', '+dac_override', '+kill', '+setgid', '+setuid'];

const arrangements = [
  { where: 'a child with a disk of its own', options: { own_mounts: true }, level: 'full' },
  { where: 'a child of the same user, without mounting', options: {}, level: 'seccomp' },
  { where: 'in a container of kernels', options: { connected: true, capabilities: ofKernels }, level: 'full' },
] as const;

describe.skipIf(isMissing('root', 'x64'))('a walk around the limits', () => {
  let opened: ReturnType<typeof openPython>;
  beforeAll(async () => {
    opened = openPython(await kernelPython());
  });
  afterAll(() => opened?.close());

  describe.each(arrangements)('by code that runs as $where', ({ options, level }) => {
    let disk: SmallDisk;
    let session: JailedSession;
    let neighbour: JailedSession;
    beforeAll(async () => {
      const mounted = mountSmallDisk(640);
      if (!mounted) throw new Error('Root may not mount here.');
      disk = mounted;
      execFileSync('chmod', ['755', disk.folder]);
      const common = { ...options, folder: disk.folder, workspace_limits: limits, memory_bytes };
      session = await jailedSession(opened.python, level, common);
      neighbour = await jailedSession(opened.python, level, common);
      await neighbour.cell('kept = 42');
    });
    beforeEach(() => session.reset());
    afterAll(async () => {
      await session?.close();
      await neighbour?.close();
      disk?.remove();
    });

    it('has what this arrangement is to have', () => {
      expect(session.isolation()).toMatch(new RegExp(`^${level}: `));
      expect(session.isolation().includes('private root')).toBe('own_mounts' in options);
    });

    it.each(limitWalks)('is held within the limit of $of: $name', async ({ of, code, between }) => {
      await session.cell(`kept = 1\n${walkPrelude}${code}`);
      const measured = 'own_mounts' in options ? session.workspace() : disk.folder;
      const stop = await measurePeak(measured, session.pid());
      const limit = of === 'memory' ? memory_bytes : limits.bytes;
      const walked = session.cell(
        `try: walk(${limit}); print("walked")\nexcept (OSError, MemoryError) as error: print("held:", type(error).__name__)`,
      );
      for (let round = 0; round < 3; round += 1) expect((await neighbour.cell('kept', 10)).result).toBe('42');
      const { stdout, state_lost } = await walked;
      // Those that go on are held by their own thread's error, or with their process.
      if (between) await new Promise((resolve) => setTimeout(resolve, 2_500));
      const peak = await stop();
      expect.soft(between === true || state_lost || stdout.startsWith('held: ')).toBe(true);
      expect.soft(peak.space).toBeLessThanOrEqual(allowance * limits.bytes);
      expect.soft(peak.entries).toBeLessThanOrEqual(allowance * limits.entries);
      expect.soft(peak.resident).toBeLessThanOrEqual(allowance * memory_bytes);
      expect.soft(peak.shared).toBeLessThanOrEqual(allowance * limits.bytes);
      console.log(
        `${of}: ${(peak.space / limits.bytes).toFixed(2)} of the space, ${(peak.entries / limits.entries).toFixed(2)} of the entries, ${(peak.resident / memory_bytes).toFixed(2)} of the memory`,
      );
      expect((await neighbour.cell('kept', 10)).result).toBe('42');
    });

    it('leaves alone what is within the limits, and what others write to the disk', async () => {
      const { error } = await session.cell(`${walkPrelude}
os.makedirs("a/b/c")
for n in range(200):
    with open(f"a/{n}", "wb") as f: f.write(piece[:100_000])
gone = open("gone", "wb"); os.unlink("gone"); gone.write(piece * 20); gone.flush()
kept = b"x" * (100 * MEBIBYTE)`);
      expect(error).toBeUndefined();
      disk.fill();
      await new Promise((resolve) => setTimeout(resolve, 500));
      disk.free();
      expect((await session.cell('len(kept) >> 20, len(os.listdir("a"))')).result).toBe('(100, 201)');
    });
  });
});
