import { causeOf } from '../contracts/failure-cause.ts';
import { toFailure } from '../contracts/failure.ts';
import { currentExecution, executionName } from '../domain/run/execution-name.ts';
import type { Using } from '../ports/port-access.ts';
import { settleRun } from './settle-run.ts';

/**
 * Settles every run that is recorded as running although nothing runs it: what a service does when it starts again after
 * it was killed. A part that fails is logged, and keeps no other run waiting. Answers with the number of runs.
 */
export const interruptRuns = async (
  ports: Using<
    {
      runs: 'read' | 'running' | 'write';
      sessions: 'list' | 'write';
      steps: 'read' | 'write';
      leases: 'read' | 'delete';
      secrets: 'delete';
      sandbox: 'release';
      functions: 'call';
      workflow: 'read';
    },
    'clock' | 'log'
  >,
): Promise<number> => {
  const running = await ports.runs.listRunning();
  for (const run of running) {
    const { tenant, run_id } = run;
    await settleRun(ports, {
      tenant,
      run_id,
      execution_id: currentExecution(run) ?? `:${executionName(run)}`,
      name: executionName(run),
      status: 'ABORTED',
      error: 'RUN_INTERRUPTED',
      cause: causeOf({
        kind: 'RUN_INTERRUPTED',
        message: 'The service stopped while this run was under way.',
        advice: { kind: 'resume_run', run_id },
      }),
    }).catch((thrown: unknown) => {
      const { kind, message } = toFailure(thrown);
      ports.log.error('interrupted run not fully settled', { tenant, run_id, failure: kind, reason: message });
    });
  }
  return running.length;
};
