import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isMissing } from '../../support/is-missing.ts';
import { mountSmallDisk, type SmallDisk } from '../../support/small-disk.ts';
import { kernelPython } from './jailed-session.ts';
import { limitWalks, walkPrelude, type LimitWalk } from './limit-walks.ts';
import { measurePeak } from './peak-usage.ts';

const mebibyte = 1024 * 1024;
/** What the walks are held within elsewhere. */
const limits = { bytes: 192 * mebibyte, entries: 10_000 } as const;
const memory_bytes = 512 * mebibyte;

/** Runs a walk as a plain process, which nothing limits, and measures what it comes to. */
const walkFreely = async (python: string, { of, code, between }: LimitWalk, disk: SmallDisk) => {
  const waits = between ? '\n[t.join() for t in threading.enumerate() if t is not threading.main_thread()]' : '';
  const walk = `${walkPrelude}${code}\ninput()\nwalk(${of === 'memory' ? memory_bytes : limits.bytes})${waits}\nprint("walked", flush=True)\nos._exit(0)`;
  const cwd = mkdtempSync(join(disk.folder, 'free-'));
  const child = spawn(python, ['-I', '-c', walk], { cwd, stdio: ['pipe', 'pipe', 'pipe'] });
  const stop = await measurePeak(disk.folder, child.pid ?? 0);
  child.stdin.end('\n');
  const [said, complaint] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const peak = await stop();
  for (const name of readdirSync('/dev/shm').filter((left) => left.startsWith('surveyor-walk-')))
    rmSync(join('/dev/shm', name));
  rmSync(cwd, { recursive: true, force: true });
  return { said, complaint, peak };
};

describe.skipIf(isMissing('root', 'linux'))('a walk that nothing limits', () => {
  let python: string;
  let disk: SmallDisk;
  beforeAll(async () => {
    python = await kernelPython();
    const mounted = mountSmallDisk(640);
    if (!mounted) throw new Error('Root may not mount here.');
    disk = mounted;
  });
  afterAll(() => disk?.remove());

  it.each(limitWalks)('gets far over that of $of, which proves it real: $name', async (walk) => {
    const { said, complaint, peak } = await walkFreely(python, walk, disk);
    expect([said, complaint]).toEqual(['walked\n', '']);
    const come = {
      space: peak.space / limits.bytes,
      entries: peak.entries / limits.entries,
      memory: Math.max(peak.resident, peak.shared) / memory_bytes,
    };
    expect(come[walk.of]).toBeGreaterThan(1.5);
  });
});
