import { expect, it } from 'vitest';
import { failures } from '../../src/contracts/failure.ts';
import { outcomeOf, outcomes } from '../../src/contracts/outcome.ts';
import type { RunTotals } from '../../src/contracts/run-totals.ts';

const totals = (more: Partial<RunTotals> = {}): RunTotals => ({
  findings: { high: 0, medium: 0, low: 0 },
  drift: 0,
  gaps: 0,
  tables_not_asked: 0,
  ...more,
});

it('every outcome has an exit code of its own, which no failure has and no shell gives a meaning', () => {
  const codes = Object.values(outcomes).map(({ exit_code }) => exit_code);
  expect(new Set(codes).size).toBe(codes.length);
  const others = new Set<number>(Object.values(failures).map(({ exit_code }) => exit_code));
  expect(codes.filter((code) => others.has(code))).toEqual([]);
  expect(codes.filter((code) => code !== 0 && (code < 2 || code >= 126))).toEqual([]);
});

it('a survey succeeds only where all that was asked for was looked at', () => {
  expect(outcomeOf(totals({ tables_not_asked: 59, drift: 3, findings: { high: 1, medium: 2, low: 3 } }))).toBe(
    'succeeded',
  );
  expect(outcomeOf(totals({ gaps: 1 }))).toBe('succeeded_with_gaps');
  expect(outcomeOf(undefined, ['low'])).toBe('succeeded');
});

it('findings of a severity and worse are an outcome where somebody asks, and so is drift', () => {
  const found = totals({ findings: { high: 0, medium: 1, low: 4 }, gaps: 2, drift: 1 });
  expect(outcomeOf(found, ['high'])).toBe('succeeded_with_gaps');
  expect(outcomeOf(found, ['medium'])).toBe('findings');
  expect(outcomeOf(found, ['low'])).toBe('findings');
  expect(outcomeOf(found, ['drift'])).toBe('drift');
  expect(outcomeOf(found, ['high', 'drift'])).toBe('drift');
  expect(outcomeOf(found, ['drift', 'low'])).toBe('findings');
});
