import { expect, it } from 'vitest';
import { readGenerated } from './read-generated.ts';

it(
  'reads 2,000 generated CSV files as they were written, or says what is otherwise',
  { timeout: 1_800_000 },
  async () => {
    const { equal, told, failed, direct, silent } = await readGenerated(2_000, 2026);
    expect(silent).toEqual([]);
    expect(equal + told + failed).toBe(2_000);
    expect(equal).toBeGreaterThan(1_600);
    expect(failed).toBeLessThan(40);
    expect(direct).toBeGreaterThan(180);
  },
);
