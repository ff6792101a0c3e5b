import type { ListedFinding } from '../../src/contracts/finding-page.ts';
import type { NotLookedAt } from '../../src/contracts/finding.ts';
import type { LocalService } from './local-service.ts';

/** All pages of a run's findings, and what was not looked at. */
export const listedFindings = async (
  { api }: Pick<LocalService, 'api'>,
  id: string,
): Promise<{ readonly findings: readonly ListedFinding[]; readonly not_looked_at: readonly NotLookedAt[] }> => {
  const { next_cursor, ...first } = await api.listFindings({ id });
  const findings = [...first.findings];
  for (let cursor = next_cursor; cursor !== undefined;) {
    const page = await api.listFindings({ id, cursor });
    findings.push(...page.findings);
    cursor = page.next_cursor;
  }
  return { findings, not_looked_at: first.not_looked_at ?? [] };
};
