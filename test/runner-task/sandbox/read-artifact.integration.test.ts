import { execFileSync } from 'node:child_process';
import { chmodSync, linkSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { mostArtifactBytes, readArtifact } from '../../../runner-task/supervisor/read-artifact.ts';

describe('a file that hostile code left', () => {
  const folder = mkdtempSync(join(tmpdir(), 'surveyor-artifact-'));
  const workspace = join(folder, 'workspace');
  const outside = join(folder, 'outside');
  const at = (...parts: readonly string[]): string => join(workspace, ...parts);
  const secret = 'not for you';
  const openDescriptors = (): number => (process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0);

  beforeEach(() => {
    for (const path of [workspace, outside]) {
      rmSync(path, { recursive: true, force: true });
      mkdirSync(path);
    }
    writeFileSync(join(outside, 'secret'), secret);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is read whole, below folders too', async () => {
    mkdirSync(at('a', 'b'), { recursive: true });
    writeFileSync(at('a', 'b', 'c'), 'text');
    expect(String(await readArtifact(workspace, 'a/b/c'))).toBe('text');
    writeFileSync(at('whole'), Buffer.alloc(mostArtifactBytes, 7));
    expect((await readArtifact(workspace, 'whole')).equals(Buffer.alloc(mostArtifactBytes, 7))).toBe(true);
  });

  it.each<readonly [string, () => void, string]>([
    ['a link to a file', () => symlinkSync(join(outside, 'secret'), at('x')), 'x'],
    ['a link to a file beside it', () => (writeFileSync(at('y'), ''), symlinkSync('y', at('x'))), 'x'],
    ['a link to a folder on the way', () => symlinkSync(outside, at('x')), 'x/secret'],
    ['a link to itself', () => symlinkSync('x', at('x')), 'x'],
    ['a link into the process that reads', () => symlinkSync('/proc/self/environ', at('x')), 'x'],
    ['a file that has another name elsewhere', () => linkSync(join(outside, 'secret'), at('x')), 'x'],
    ['a folder', () => mkdirSync(at('x')), 'x'],
    ['a file as if it were a folder', () => writeFileSync(at('x'), ''), 'x/y'],
    ['a pipe that nobody writes to', () => void execFileSync('mkfifo', [at('x')]), 'x'],
  ])('is not read when it is %s', async (_, make, name) => {
    make();
    await expect(readArtifact(workspace, name)).rejects.toMatchObject({
      kind: 'CONFLICT',
      message: expect.stringContaining(name) as string,
    });
  });

  it('is not read when it is a socket', async () => {
    const server = createServer().listen(at('x'));
    await new Promise((resolve) => server.once('listening', resolve));
    await expect(readArtifact(workspace, 'x')).rejects.toMatchObject({ kind: 'CONFLICT' });
    server.close();
  });

  it('is not read when it is larger than the limit, be it empty space', async () => {
    writeFileSync(at('x'), '');
    truncateSync(at('x'), mostArtifactBytes + 1);
    await expect(readArtifact(workspace, 'x')).rejects.toMatchObject({
      kind: 'REQUEST_TOO_LARGE',
      message: expect.stringContaining('8 MiB') as string,
    });
    truncateSync(at('x'), 1e12);
    await expect(readArtifact(workspace, 'x')).rejects.toMatchObject({ kind: 'REQUEST_TOO_LARGE' });
  });

  it('is read by root alone when its owner locked it', async () => {
    writeFileSync(at('x'), 'locked');
    chmodSync(at('x'), 0);
    const outcome = await readArtifact(workspace, 'x').then(String, ({ kind }: { kind: string }) => kind);
    expect(outcome).toBe(process.getuid?.() === 0 ? 'locked' : 'CONFLICT');
  });

  it('never becomes one outside while its folder is swapped for a link, and no descriptor stays open', async () => {
    mkdirSync(at('real'));
    writeFileSync(at('real', 'secret'), 'inside');
    symlinkSync(outside, at('trap'));
    const before = openDescriptors();
    const seen = new Map<string, number>();
    let swapping = true;
    const swap = async (): Promise<void> => {
      for (let turn = 0; swapping; turn += 1) {
        const name = turn % 2 === 0 ? 'real' : 'trap';
        renameSync(at(name), at('now'));
        await new Promise((resolve) => setImmediate(resolve));
        renameSync(at('now'), at(name));
      }
    };
    const swapped = swap();
    for (let reads = 0; reads < 2_000; reads += 1) {
      const came = await readArtifact(workspace, 'now/secret').then(String, ({ kind }: { kind: string }) => kind);
      seen.set(came, (seen.get(came) ?? 0) + 1);
    }
    swapping = false;
    await swapped;
    expect(seen.get('inside')).toBeGreaterThan(0);
    expect(seen.has(secret)).toBe(false);
    expect([...seen.keys()].toSorted()).toEqual(expect.arrayContaining(['CONFLICT', 'inside']));
    expect(openDescriptors()).toBeLessThanOrEqual(before);
  });
});
