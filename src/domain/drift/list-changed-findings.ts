import type { Finding } from '../../contracts/finding.ts';
import type { ChangeState } from '../../contracts/change-state.ts';
import type { FindingChanges } from '../../contracts/finding-change.ts';
import type { ListedFinding } from '../../contracts/finding-page.ts';
import { Severity } from '../../contracts/severity.ts';

/** States of findings that the run itself does not have. */
const endStates: readonly ChangeState[] = ['gone', 'dropped', 'not_looked_at'];

/**
 * Findings with what has become of them, most severe first: those of the run, or, of the states `gone`,
 * `dropped` and `not_looked_at`, those of earlier runs that it does not have.
 */
export const listChangedFindings = (
  findings: readonly Finding[],
  { changes }: Pick<FindingChanges, 'changes'>,
  state?: ChangeState,
): readonly ListedFinding[] => {
  const byKey = new Map(changes.map(({ key, earlier: _earlier, ...change }) => [key, change]));
  const listed = (finding: Finding): ListedFinding => {
    const change = byKey.get(finding.key);
    return change === undefined ? finding : { ...finding, change };
  };
  const all =
    state !== undefined && endStates.includes(state)
      ? changes.flatMap(({ earlier }) => (earlier === undefined ? [] : [listed(earlier)]))
      : findings.map(listed);
  return all
    .filter(({ change }) => state === undefined || change?.state === state)
    .toSorted((a, b) => Severity.options.indexOf(a.severity) - Severity.options.indexOf(b.severity));
};
