import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkBill, someBills } from '../support/check-bill.ts';

describe('What an agent counts', () => {
  it(
    'is what its model service bills, however calls break off and whatever stops and resumes its run',
    { timeout: 120_000 },
    async () => {
      const checked = fc.assert(fc.asyncProperty(someBills, checkBill), { seed: 4_711, numRuns: 40 });
      await expect(checked).resolves.toBeUndefined();
    },
  );
});
