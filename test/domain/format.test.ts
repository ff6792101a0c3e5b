import { describe, expect, it } from 'vitest';
import * as format from '../../src/domain/format.ts';

describe('figures as people read them', () => {
  it('shows an average length with two decimals at most', () => {
    expect([22.692, 12, 0.333].map(format.formatMean)).toEqual(['22.69', '12', '0.33']);
  });

  it.each([
    [0, '0'],
    [-0, '0'],
    [2026, '2026'],
    [13_526, '13,526'],
    [-12_345.678, '−12,345.7'],
    [27.299999999999997, '27.3'],
    [0.1 + 0.2, '0.3'],
    [0.000_123_45, '0.00012345'],
    [0.000_012_3, '1.23 × 10⁻⁵'],
    [-1.5e20, '−1.5 × 10²⁰'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, '∞'],
    [Number.NEGATIVE_INFINITY, '−∞'],
  ])('the number %d is %s', (value, shown) => {
    expect(format.formatNumber(value)).toBe(shown);
  });

  it.each([
    [0, '0%'],
    [0.000_01, '<0.1%'],
    [0.034_2, '3.4%'],
    [0.5, '50%'],
    [0.981, '98%'],
    [0.995, '99.5%'],
    [0.999_9, '>99.9%'],
    [1, '100%'],
    [-0.034, '−3.4%'],
    [Number.NaN, '–'],
  ])('the share %d is %s', (share, shown) => {
    expect(format.formatShare(share)).toBe(shown);
  });

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_000, '1 kB'],
    [1_449, '1.4 kB'],
    [812_331, '812 kB'],
    [1.44e9, '1.4 GB'],
    [5e18, '5,000 PB'],
  ])('%d bytes are %s', (bytes, shown) => {
    expect(format.formatBytes(bytes)).toBe(shown);
  });

  it.each([
    [0, '0 ms'],
    [0.43, '0.4 ms'],
    [850.4, '850 ms'],
    [999.9, '1 s'],
    [12_345, '12.3 s'],
    [59_960, '1 min'],
    [252_000, '4 min 12 s'],
    [7_500_000, '2 h 5 min'],
    [273_600_000, '3 d 4 h'],
    [34_560_000_000, '400 d'],
    [-5_000, '−5 s'],
  ])('%d milliseconds are %s', (milliseconds, shown) => {
    expect(format.formatDuration(milliseconds)).toBe(shown);
  });

  it('counts with separators and the right word', () => {
    expect(format.formatCountOf(1, 'row')).toBe('1 row');
    expect(format.formatCountOf(2_000, 'row')).toBe('2,000 rows');
    expect(format.formatCountOf(2, 'entry', 'entries')).toBe('2 entries');
    expect(format.formatCount(Number.NaN)).toBe('NaN');
  });

  it('gives dollars in cents, and more finely below one', () => {
    expect([0, 0.031_23, 12.4].map(format.formatDollars)).toEqual(['$0', '$0.0312', '$12.40']);
  });

  it('gives a moment in words, and what is none as it is', () => {
    expect(format.formatMoment('2026-01-31T12:00:00.000Z')).toBe('31 January 2026, 12:00 UTC');
    expect(format.formatMoment('yesterday')).toBe('yesterday');
  });
});
