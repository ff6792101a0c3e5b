import { describe, expect, it } from 'vitest';
import { fitsFilterPattern } from './fits-filter-pattern.ts';

const line = JSON.stringify({ message: 'run ended', status: 'failed', seconds: 12, inside: { deep: 'a && b' } });

describe('a filter pattern', () => {
  it.each([
    ['{ $.message = "run ended" }', true],
    ['{ $.message = "run" }', false],
    ['{ $.message = "run*" && $.status = "failed" }', true],
    ['{ $.message = "run ended" && ($.status = "timed_out" || $.status = "failed") }', true],
    ['{ $.message = "run ended" && ($.status = "timed_out" || $.status = "cancelled") }', false],
    ['{ $.status = "x" && $.status = "x" || $.seconds >= 12 }', true],
    ['{ $.seconds > 12 }', false],
    ['{ $.seconds = 12 }', true],
    ['{ $.inside.deep = "a && b" }', true],
    ['{ $.absent = "*" }', false],
    ['{ $.absent != "a" }', false],
    ['{ $.status != "succeeded" }', true],
  ])('%s: %s', (pattern, fits) => {
    expect(fitsFilterPattern(pattern, line)).toBe(fits);
  });

  it('fits no line that is no JSON', () => {
    expect(fitsFilterPattern('{ $.message = "run ended" }', 'START RequestId: 1')).toBe(false);
  });

  it.each(['run ended', '{ $.a IS NULL }', '{ $.a = "b" ', '{ $.a = "b" } more', '{ $.a = b }'])(
    '%s is refused',
    (pattern) => {
      expect(() => fitsFilterPattern(pattern, line)).toThrow(/filter pattern/);
    },
  );
});
