import { describe, expect, it } from 'vitest';
import { showValue } from '../../../src/domain/profile/show-value.ts';

describe('a value that is shown', () => {
  it.each([
    ['12.50', 12.5],
    ['-0.001', -0.001],
    ['1e+308', 1e308],
    ['1e+20', 1e20],
    ['100000000000000000000', '100000000000000000000'],
    ['0.30000000000000004', 0.30000000000000004],
    ['9007199254740993', '9007199254740993'],
    ['12345678901234567890.123', '12345678901234567890.123'],
    ['nan', 'nan'],
    ['inf', 'inf'],
  ])('is a number where no digit of %s is lost', (text, shown) => {
    expect(showValue('number', text)).toBe(shown);
  });

  it('is a flag, or text as the database writes it', () => {
    expect([showValue('boolean', 'true'), showValue('boolean', 'false')]).toEqual([true, false]);
    expect(showValue('time', '2024-01-01')).toBe('2024-01-01');
    expect(showValue('text', '12')).toBe('12');
  });
});
