import type { Finding, Findings } from '../../contracts/finding.ts';
import type { Report } from '../../contracts/report.ts';

/** What the rules and the agent found, of a report that shows it; others hold no more than their agent’s own findings. */
export const reportedFindings = ({
  rules,
  findings = [],
  relationships = [],
  keys = [],
  facts = [],
  not_looked_at = [],
}: Report): Findings | undefined =>
  rules === undefined ? undefined : { rules, findings, relationships, keys, facts, not_looked_at };

/** Columns that hold personal data as their names and values say; they have a section of their own. */
export const isPersonalColumn = ({ rule }: Pick<Finding, 'rule'>): boolean => rule === 'personal-data';

/** Whether a finding is about personal data: columns that hold it, and texts in which some was found. */
export const isPersonal = ({ rule }: Pick<Finding, 'rule'>): boolean => rule.startsWith('personal-');

/** How a severity looks. */
export const severityLooks = { high: 'bad', medium: 'warn', low: 'muted' } as const satisfies Record<
  Finding['severity'],
  string
>;
