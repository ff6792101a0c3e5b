import type { Finding, Findings } from '../../contracts/finding.ts';
import type { SubmittedFinding } from '../../contracts/tool.ts';
import { maskFinding } from '../personal-data/mask-report.ts';
import { bySeverity } from './by-severity.ts';
import { findingKey } from './finding-key.ts';

/** A finding that an agent submitted, as it is kept. Whatever its source was called, this is the one that is meant. */
export const agentFinding = (submitted: SubmittedFinding, source: string): Finding => {
  const { source: _, table, columns, check, of, ...finding } = submitted;
  const place = { source, table, columns };
  return maskFinding({
    ...finding,
    key: findingKey(finding.rule, place),
    place,
    basis: 'exact',
    ...(of === undefined ? {} : { of }),
    ...(check === undefined ? {} : { check: { kind: 'sql', source, text: check } }),
  });
};

/** What the rules found with what agents found: one list, the most severe first, each key once. */
export const withAgentFindings = (found: Findings, own: readonly Finding[]): Findings => {
  if (own.length === 0) return found;
  const byKey = new Map([...own, ...found.findings].map((finding) => [finding.key, finding]));
  return {
    ...found,
    rules: [...new Set([...found.rules, ...own.map(({ rule }) => rule)])],
    findings: [...byKey.values()].toSorted(bySeverity),
  };
};
