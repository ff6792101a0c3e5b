import { describe, expect, it } from 'vitest';
import { addUsage, billOf, multiplyUsage, priceList } from './price-list.ts';

describe('a bill', () => {
  it('has five minutes of a sandbox of 2 vCPUs and 8 GB at $0.0097', () => {
    const { dollars, lines } = billOf({ 'fargate-vcpu-seconds': 2 * 300, 'fargate-gb-seconds': 8 * 300 });
    expect(dollars).toBeCloseTo(0.00971, 5);
    expect(lines.map(({ billed }) => billed)).toEqual(['fargate-vcpu-seconds', 'fargate-gb-seconds']);
    expect(dollars).toBeCloseTo(
      lines.reduce((sum, line) => sum + line.dollars, 0),
      10,
    );
  });

  it('has 100 transitions, a million requests and an hour of a secret at their parts of the price', () => {
    expect(billOf({ 'state-transitions': 100 }).dollars).toBeCloseTo(0.0025, 6);
    expect(billOf({ 'lambda-requests': 1_000_000 }).dollars).toBeCloseTo(0.2, 6);
    expect(billOf({ 'secret-hours': 730 }).dollars).toBeCloseTo(0.4, 6);
  });

  it('of two usages is that of both together', () => {
    const one = { 'lambda-requests': 10, 's3-reads': 5 } as const;
    const other = { 's3-reads': 7 } as const;
    expect(addUsage(one, other)).toEqual({ 'lambda-requests': 10, 's3-reads': 12 });
    expect(billOf(addUsage(one, multiplyUsage(other, 3))).dollars).toBeCloseTo(
      billOf(one).dollars + 3 * billOf(other).dollars,
      10,
    );
  });
});

it('each price has a unit and the name of its page, and the list its date', () => {
  expect(priceList.as_of).toMatch(/^20\d\d/);
  for (const { dollars, per, unit, page } of Object.values(priceList.prices)) {
    expect(dollars).toBeGreaterThan(0);
    expect(per).toBeGreaterThan(0);
    expect(unit).not.toBe('');
    expect(page).toMatch(/Pric/);
  }
});
