import type { Drift } from '../../contracts/drift.ts';
import type { Finding } from '../../contracts/finding.ts';
import { ChangeState } from '../../contracts/change-state.ts';
import type { FindingChanges } from '../../contracts/finding-change.ts';
import { bySeverity } from '../finding/by-severity.ts';
import type { DriftDigest, FindingChangesDigest } from '../profile-digest.ts';

/** The most of each that an agent is told; a database whose every table changed has thousands. */
const max = { drift: 200, findings: 20 } as const;

/** The drift, as much of it as an agent reads. */
export const digestDrift = ({ since, other_databases, changes, not_looked_at = [] }: Drift): DriftDigest => ({
  ...(since === undefined ? {} : { since }),
  ...(other_databases === undefined ? {} : { other_databases }),
  changes: changes.slice(0, max.drift),
  ...(changes.length > max.drift ? { more: changes.length - max.drift } : {}),
  not_looked_at: not_looked_at.slice(0, max.drift),
});

/** What has become of findings, the gravest of each state, and how many there are of each. */
export const digestFindingChanges = (
  findings: readonly Finding[],
  { since, without_findings, changes, outside = 0 }: FindingChanges,
): FindingChangesDigest => {
  const known = new Map(findings.map((finding) => [finding.key, finding]));
  const states = ChangeState.options.map(
    (state) => [state, changes.filter((change) => change.state === state)] as const,
  );
  return {
    ...(since === undefined ? {} : { since }),
    without_findings: without_findings.length,
    not_asked: outside,
    totals: Object.fromEntries(states.map(([state, own]) => [state, own.length])),
    changes: states
      .filter(([state]) => state !== 'unchanged')
      .flatMap(([state, own]) =>
        own
          .flatMap(({ key, before, detail, earlier }) => {
            const finding = known.get(key) ?? earlier;
            return finding === undefined ? [] : [{ finding, before, detail }];
          })
          .toSorted((a, b) => bySeverity(a.finding, b.finding))
          .slice(0, max.findings)
          .map(({ finding: { key, severity, title, place, rows }, before, detail }) => ({
            state,
            key,
            severity,
            title,
            place,
            rows,
            ...(before === undefined ? {} : { before }),
            ...(detail === undefined ? {} : { detail: detail.slice(0, 200) }),
          })),
      ),
  };
};
