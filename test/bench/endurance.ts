import { kernelPython } from '../runner-task/jail/jailed-session.ts';
import { endure } from '../runner-task/sandbox/attacked-calls.ts';
import type { Measurement } from './measurement.ts';

const calls = 1_000;
const mebibyte = 1024 * 1024;

/** What a supervisor holds more after 1,000 attacked calls, and how another sandbox answers meanwhile. */
export const benchEndurance = async (): Promise<readonly Measurement[]> => {
  const { before, after, surprises, neighbour } = await endure(await kernelPython(), calls);
  if (surprises.length > 0) throw new Error(`Not what had to come:\n${surprises.join('\n')}`);
  const sorted = neighbour.toSorted((a, b) => a - b);
  return [
    {
      name: `held more by the supervisor after ${calls} attacked calls`,
      value: (after.held_bytes - before.held_bytes) / mebibyte,
      unit: 'MiB',
      goal: '≤ 1',
    },
    {
      name: 'of its resident memory',
      value: (after.resident_bytes - before.resident_bytes) / mebibyte,
      unit: 'MiB',
      goal: '≤ 64',
    },
    { name: 'descriptors more', value: after.descriptors - before.descriptors, unit: '', goal: '≤ 0' },
    {
      name: 'a statement and a cell of another sandbox meanwhile, median',
      value: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN,
      unit: 'ms',
    },
    { name: 'the slowest of them', value: sorted.at(-1) ?? Number.NaN, unit: 'ms' },
  ];
};
