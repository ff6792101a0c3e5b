import { expect, it } from 'vitest';
import { RunTotals } from '../../src/contracts/run-totals.ts';

it('totals that an older version stored, which knew fewer states of findings, stay readable', () => {
  const stored = {
    findings: { high: 1, medium: 0, low: 2 },
    changes: { new: 1, grown: 0, shrunk: 0, unchanged: 2, gone: 3, not_looked_at: 0, not_compared: 0 },
    drift: 0,
    gaps: 0,
    tables_not_asked: 0,
  };
  expect(RunTotals.parse(stored)).toEqual(stored);
});
