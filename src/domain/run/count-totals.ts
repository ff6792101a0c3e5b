import type { Drift } from '../../contracts/drift.ts';
import type { Finding, Findings } from '../../contracts/finding.ts';
import { Severity } from '../../contracts/severity.ts';
import { ChangeState } from '../../contracts/change-state.ts';
import type { FindingChanges } from '../../contracts/finding-change.ts';
import type { RunTotals } from '../../contracts/run-totals.ts';
import { countNotAsked } from '../finding/is-table-not-asked.ts';

/** What a run came to, counted. */
export const countTotals = (
  findings: readonly Pick<Finding, 'severity'>[],
  notLookedAt: Findings['not_looked_at'],
  { since, changes }: FindingChanges,
  drift: Drift,
): RunTotals => {
  return {
    findings: countBy(Severity.options, findings, ({ severity }) => severity),
    ...(since === undefined ? {} : { changes: countBy(ChangeState.options, changes, ({ state }) => state) }),
    drift: drift.changes.length,
    gaps: notLookedAt.filter(({ reason }) => reason !== 'not_asked').length,
    tables_not_asked: countNotAsked(notLookedAt),
  };
};

const countBy = <K extends string, T>(
  names: readonly K[],
  items: readonly T[],
  nameOf: (item: T) => K,
): Record<K, number> => {
  const counts = Object.fromEntries(names.map((name) => [name, 0])) as Record<K, number>;
  for (const item of items) counts[nameOf(item)] += 1;
  return counts;
};
