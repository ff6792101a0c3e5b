import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { longestTimer, wholeMilliseconds } from '../../src/contracts/whole-milliseconds.ts';

describe('a duration', () => {
  it('is one that every timer takes, no shorter than what was asked for, and never longer than a timer can be', () => {
    fc.assert(
      fc.property(fc.double({ min: -10, max: 1e12, noNaN: true }), (milliseconds) => {
        const whole = wholeMilliseconds(milliseconds);
        expect(Number.isInteger(whole)).toBe(true);
        expect(whole).toBeGreaterThanOrEqual(Math.min(longestTimer, Math.max(0, milliseconds)));
        expect(whole - Math.max(0, milliseconds)).toBeLessThanOrEqual(1);
        expect(AbortSignal.timeout(whole).aborted).toBe(false);
      }),
      { numRuns: 200, seed: 1 },
    );
  });

  it('is refused where it is no number', () => {
    expect(() => wholeMilliseconds(Number.NaN)).toThrow(RangeError);
  });
});
