import type { RunExecutionEnd } from './settle-run.ts';
import type { Chain } from '../contracts/chain.ts';
import { causeOf } from '../contracts/failure-cause.ts';
import { toFailure } from '../contracts/failure.ts';
import { measuredLines } from '../contracts/measured-lines.ts';
import type { Run } from '../contracts/run.ts';
import type { TaskOutput } from '../contracts/tasks.ts';
import { currentExecution, executionName } from '../domain/run/execution-name.ts';
import type { PortsOf } from '../ports/port-access.ts';
import { settleRun } from './settle-run.ts';
import { sweepSandboxes } from './sweep-sandboxes.ts';
import { sweepSecrets } from './sweep-secrets.ts';

type ReconcilePorts = PortsOf<'reconcile-runs'>;

/**
 * Brings the records back to what is: settles every run that is recorded as running although nothing runs it (its
 * execution has ended and the event of that never came, or it never began), deletes secrets that nothing needs any more, and
 * ends sandboxes that no run has. What is under way after the longest time that its chain may take is told. `grace_seconds` is what an event, or a start that is under way, has time for; none where a service starts again,
 * whose executions died with it. A run that fails to be settled is logged, and keeps no other waiting.
 */
export const reconcileRuns = async (
  ports: ReconcilePorts,
  { grace_seconds, chains }: { readonly grace_seconds: number; readonly chains: readonly Chain[] },
): Promise<TaskOutput<'reconcile-runs'>> => {
  const now = ports.clock.now().getTime();
  const before = new Date(now - grace_seconds * 1_000);
  let settled = 0;
  for (const run of await ports.runs.listRunning()) {
    const { tenant, run_id } = run;
    try {
      const ended = await endOf(ports, run, before);
      if (ended === undefined) {
        tellOverdue(ports, run, { chains, by: now - 2 * grace_seconds * 1_000 });
        continue;
      }
      ports.log.warn('run without an execution', { tenant, run_id, execution: ended.status, error: ended.error });
      if ((await settleRun(ports, ended)).settled) settled += 1;
    } catch (thrown) {
      const { kind, message } = toFailure(thrown);
      ports.log.error('run not fully reconciled', { tenant, run_id, failure: kind, reason: message });
      tellOverdue(ports, run, { chains, by: now - 2 * grace_seconds * 1_000 });
    }
  }
  const secrets = await sweepSecrets(ports, before);
  return { settled, secrets, sandboxes: await sweepSandboxes(ports, before) };
};

/** An execution ends with its chain's time; what has not been settled some minutes later was not seen to end. */
const tellOverdue = (
  { log }: Pick<ReconcilePorts, 'log'>,
  run: Run,
  { chains, by }: { readonly chains: readonly Chain[]; readonly by: number },
): void => {
  const { tenant, run_id, attempt } = run;
  const longest = chains.find(({ name }) => name === run.chain.name)?.timeout_seconds;
  if (longest === undefined || attemptBegan(run) + longest * 1_000 > by) return;
  log.warn(measuredLines.runOverdue, { tenant, run_id, attempt, chain: run.chain.name, longest_seconds: longest });
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
