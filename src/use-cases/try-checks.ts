import type { AgentSession } from '../contracts/agent.ts';
import { reportOf } from '../contracts/failure-report.ts';
import { type FailureKind, toFailure } from '../contracts/failure.ts';
import type { Finding } from '../contracts/finding.ts';
import { modelText } from '../domain/agent/model-advice.ts';
import type { Using } from '../ports/port-access.ts';
import { requireLease } from './agent-documents.ts';

/** What one check may bring back and take; all together have 300 s of the state’s 900. */
const limits = { rows: 5, bytes: 256 * 1024, seconds: 20, all: 300 } as const;

/** Failures that are the check’s own. All others fail the call. */
const ofCheck: ReadonlySet<FailureKind> = new Set<FailureKind>([
  'TABLE_NOT_FOUND',
  'STATEMENT_REFUSED',
  'STATEMENT_FAILED',
  'RUNNER_TIMEOUT',
  'RUNNER_MEMORY',
]);

/**
 * Runs the checks of an agent’s findings, which people will run again, under the policy that all its statements are under.
 * What comes back is what is wrong with them, in words that the model can act on.
 */
export const tryChecks = async (
  ports: Using<{ leases: 'read'; sandbox: 'call' }, 'clock'>,
  { tenant, run_id, agent }: AgentSession,
  findings: readonly Pick<Finding, 'key' | 'check'>[],
): Promise<readonly string[]> => {
  const problems: string[] = [];
  const deadline = ports.clock.now().getTime() + limits.all * 1_000;
  for (const { key, check } of findings) {
    if (check === undefined) continue;
    const left = Math.floor((deadline - ports.clock.now().getTime()) / 1_000);
    if (left < 1) {
      problems.push(`${key}: there was no time left to run its check; leave out checks that take long.`);
      continue;
    }
    try {
      const { rows, bytes } = limits;
      const seconds = Math.min(limits.seconds, left);
      const { table } = await ports.sandbox.call(await requireLease(ports, tenant, run_id), 'execute_sql', {
        source: check.source,
        sql: check.text,
        limits: { rows, bytes, seconds },
        origin: 'tool',
        agent,
      });
      if (table.incomplete !== undefined)
        problems.push(
          `${key}: its check is not answered in full: ${table.incomplete.join(' ')} Ask in a way that avoids it.`,
        );
    } catch (thrown) {
      const failure = toFailure(thrown);
      if (!ofCheck.has(failure.kind)) throw failure;
      problems.push(
        `${key}: its check does not run: ${failure.kind}: ${modelText(reportOf(failure))} Give one SELECT that returns the offending rows, or none.`,
      );
    }
  }
  return problems;
};
