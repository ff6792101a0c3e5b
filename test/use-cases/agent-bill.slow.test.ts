import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkBill, someBills } from '../support/check-bill.ts';

describe('What an agent counts, in many runs', () => {
  it('is what its model service bills', { timeout: 900_000 }, async () => {
    const checked = fc.assert(fc.asyncProperty(someBills, checkBill), { seed: 1_147, numRuns: 400 });
    await expect(checked).resolves.toBeUndefined();
  });
});
