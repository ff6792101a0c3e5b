import { describe, expect, it } from 'vitest';
import { retryAfterOf } from '../../src/adapters/retry-after.ts';

const now = new Date('2026-11-30T10:00:00Z');
const year = 366 * 86_400;

describe('When a service wants to be asked again', () => {
  it.each([
    ['5', 5],
    ['1.5', 1.5],
    ['0', 0],
    ['Mon, 30 Nov 2026 10:00:30 GMT', 30],
    ['Monday, 30-Nov-26 10:00:30 GMT', 30],
    ['2026-11-30T10:01:00Z', 60],
    // It has passed, as the clocks of two machines may have it.
    ['Mon, 30 Nov 2026 09:00:00 GMT', 0],
    ['99999999999999999999', year],
    ['9'.repeat(400), year],
    ['Mon, 30 Nov 9999 10:00:00 GMT', year],
  ])('is read of %s', (text, seconds) => {
    expect(retryAfterOf(new Headers({ 'retry-after': text }), now)).toBe(seconds);
  });

  it.each(['', '-5', '-1.5', '5, 10', '1e9', '0x10', 'Infinity', 'NaN', 'soon', '12abc', 'Mon, soon'])(
    'is not told by "%s": then it is waited longer each time, not for a second',
    (text) => {
      expect(retryAfterOf(new Headers({ 'retry-after': text }), now)).toBeUndefined();
    },
  );

  it.each([
    ['1500', 1.5],
    ['9'.repeat(400), year],
    ['-1', 7],
    ['Infinity', 7],
    ['x', 7],
  ])('is told in milliseconds first: %s', (milliseconds, seconds) => {
    expect(retryAfterOf(new Headers({ 'retry-after-ms': milliseconds, 'retry-after': '7' }), now)).toBe(seconds);
  });

  it.each(['5', '9'.repeat(400), '-5', '5, 10'])('survives being stored: %s', (text) => {
    const told = { seconds: retryAfterOf(new Headers({ 'retry-after': text }), now) };
    expect(JSON.stringify(told)).not.toContain('null');
  });
});
