import type { RunExecutionEnd } from './settle-run.ts';
import { causeOf } from '../contracts/failure-cause.ts';
import { toFailure } from '../contracts/failure.ts';
import type { Run } from '../contracts/run.ts';
import type { TaskOutput } from '../contracts/task.ts';
import { currentExecution, executionName } from '../domain/run/execution-name.ts';
import type { PortsOf } from '../ports/port-access.ts';
import { settleRun } from './settle-run.ts';
import { sweepSecrets } from './sweep-secrets.ts';

type ReconcilePorts = PortsOf<'reconcile-runs'>;

/**
 * Brings the records back to what is: settles every run that is recorded as running although nothing runs it (its
 * execution has ended and the event of that never came, or it never began), and deletes secrets that nothing needs any
 * more. `grace_seconds` is what an event, or a start that is under way, has time for; none where a service starts again,
 * whose executions died with it. A part that fails is logged, and keeps no other waiting.
 */
export const reconcileRuns = async (
  ports: ReconcilePorts,
  { grace_seconds }: { readonly grace_seconds: number },
): Promise<TaskOutput<'reconcile-runs'>> => {
  const before = new Date(ports.clock.now().getTime() - grace_seconds * 1_000);
  let settled = 0;
  for (const run of await ports.runs.listRunning()) {
    const { tenant, run_id } = run;
    try {
      const ended = await endOf(ports, run, before);
      if (ended === undefined) continue;
      ports.log.warn('run without an execution', { tenant, run_id, execution: ended.status, error: ended.error });
      if ((await settleRun(ports, ended)).settled) settled += 1;
    } catch (thrown) {
      const { kind, message } = toFailure(thrown);
      ports.log.error('run not fully reconciled', { tenant, run_id, failure: kind, reason: message });
    }
  }
  return { settled, secrets: await sweepSecrets(ports, before) };
};

/** The end of a run’s execution, where it has ended, or has not begun, before the time. */
const endOf = async (ports: ReconcilePorts, run: Run, before: Date): Promise<RunExecutionEnd | undefined> => {
  const { tenant, run_id, chain } = run;
  const name = executionName(run);
  const execution = await ports.workflow.find(chain.name, name);
  if (execution === undefined) {
    if (attemptBegan(run) > before.getTime()) return undefined;
    return {
      tenant,
      run_id,
      execution_id: currentExecution(run) ?? `:${name}`,
      name,
      status: 'ABORTED',
      error: 'RUN_INTERRUPTED',
      cause: causeOf({
        kind: 'RUN_INTERRUPTED',
        message: 'The service stopped while this run was under way, or before it began.',
        advice: { kind: 'resume_run', run_id },
      }),
    };
  }
  const { execution_id, status, ended_at, error = '', cause = '' } = execution;
  if (ended_at === undefined || Date.parse(ended_at) > before.getTime()) return undefined;
  return { tenant, run_id, execution_id, name, status, error, cause };
};

const attemptBegan = ({ created_at, acts = [] }: Run): number =>
  Date.parse(acts.findLast(({ act }) => act === 'resume')?.at ?? created_at);
