import { expect, it } from 'vitest';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { RunId } from '../../src/contracts/common.ts';

it('gives run ids that ascend, also many in one millisecond', () => {
  const clock = systemClock();
  const ids = Array.from({ length: 5_000 }, () => clock.newRunId());
  expect(ids).toEqual(ids.toSorted());
  expect(new Set(ids).size).toBe(5_000);
  expect(ids.every((id) => RunId.safeParse(id).success)).toBe(true);
});
