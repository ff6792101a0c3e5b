import { describe, expect, it } from 'vitest';
import { kernelPython } from '../jail/jailed-session.ts';
import { endure } from './attacked-calls.ts';
import { isMissing } from '../../support/is-missing.ts';

const mebibyte = 1024 * 1024;

describe.skipIf(isMissing('linux'))('a supervisor that is attacked again and again', () => {
  it('holds no more memory and no more descriptors after 100 calls, and another sandbox answers meanwhile', async () => {
    const { before, after, surprises, neighbour } = await endure(await kernelPython(), 100);
    expect(surprises).toEqual([]);
    expect(neighbour.length).toBeGreaterThan(10);
    expect(after.descriptors).toBeLessThanOrEqual(before.descriptors);
    // One answer of a megabyte kept for each fiftieth call would be seen.
    expect(after.held_bytes - before.held_bytes).toBeLessThan(2 * mebibyte);
  }, 170_000);
});
