import { expect, it } from 'vitest';
import { readGenerated } from './read-generated.ts';

it('reads 150 generated CSV files as they were written, or says what is otherwise', { timeout: 240_000 }, async () => {
  const { equal, told, failed, direct, silent } = await readGenerated(150, 7);
  expect(silent).toEqual([]);
  expect(equal + told + failed).toBe(150);
  // A reader that only complains has read nothing.
  expect(equal).toBeGreaterThan(115);
  expect(failed).toBeLessThan(5);
  expect(direct).toBeGreaterThan(12);
});
