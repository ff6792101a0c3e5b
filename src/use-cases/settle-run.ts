import { toFailure } from '../contracts/failure.ts';
import type { Run } from '../contracts/run.ts';
import type { TaskInput, TaskOutput } from '../contracts/task.ts';
import { type RunOutcome, runOutcome } from '../domain/run/run-outcome.ts';
import { inlineSecretName } from '../domain/run-keys.ts';
import type { Log } from '../ports/log.ts';
import type { Ports } from '../ports/ports.ts';
import { collectEvidence } from './collect-evidence.ts';
import { readSteps } from './read-steps.ts';

/**
 * The one way in which a run ends, whatever happened to its execution: keeps the last evidence and the steps, gives the
 * sandbox back, deletes an inline credential, records the outcome. It may be called again at any point: each part is
 * harmless the second time, and the outcome, recorded last, is recorded once.
 */
export const settleRun = async (
  ports: Pick<Ports, 'runs' | 'objects' | 'secrets' | 'sandbox' | 'workflow' | 'clock' | 'log'>,
  event: TaskInput<'settle-run'>,
): Promise<TaskOutput<'settle-run'>> => {
  const { detail } = event;
  const outcome = runOutcome(detail.status, detail.error ?? '', detail.cause ?? '');
  const ids = runOf(detail.input ?? '');
  if (outcome === undefined || ids === undefined) return { settled: false };
  const run = await ports.runs.getRun(ids.tenant, ids.run_id);
  if (run === undefined) return { settled: false };
  const log = ports.log.with({ tenant: run.tenant, run_id: run.run_id });

  await releaseSandbox(ports, run, log);
  await ports.secrets.delete(run.tenant, inlineSecretName(run.run_id));
  await ports.runs.putSteps(
    run.tenant,
    run.run_id,
    await readSteps(ports, { ...run, execution_id: run.execution_id ?? detail.executionArn }),
  );
  await endSessions(ports, run, outcome);
  const settled = await ports.runs.settleRun(run.tenant, run.run_id, {
    ...outcome,
    ended_at: ports.clock.now().toISOString(),
  });
  if (settled)
    log.info('run ended', { status: outcome.status, failure: outcome.failure?.kind, reports: run.reports.length });
  return { settled };
};

/** The run's ids in an execution's input; an agent's loop has them too, but is one node's, not a run's. */
const runOf = (input: string): { readonly tenant: string; readonly run_id: string } | undefined => {
  const value: unknown = input === '' ? undefined : JSON.parse(input);
  if (typeof value !== 'object' || value === null || 'node' in value) return undefined;
  const { tenant, run_id } = value as Readonly<Record<string, unknown>>;
  return typeof tenant === 'string' && typeof run_id === 'string' ? { tenant, run_id } : undefined;
};

const releaseSandbox = async (
  ports: Pick<Ports, 'runs' | 'objects' | 'sandbox' | 'clock'>,
  run: Run,
  log: Log,
): Promise<void> => {
  const lease = await ports.runs.getLease(run.tenant, run.run_id);
  if (lease === undefined) return;
  try {
    await collectEvidence(ports, lease);
  } catch (thrown) {
    // The sandbox may be what failed; what it had not handed over is lost with it, and the run is settled all the same.
    log.warn('evidence not collected', { failure: toFailure(thrown).kind });
  }
  await ports.sandbox.release(lease);
  await ports.runs.deleteLease(run.tenant, run.run_id);
};

/** An agent that the end of its run cut off ends with it. */
const endSessions = async (ports: Pick<Ports, 'runs' | 'clock'>, run: Run, outcome: RunOutcome): Promise<void> => {
  for (const session of await ports.runs.listSessions(run.tenant, run.run_id)) {
    if (session.status !== 'running') continue;
    await ports.runs.putSession({
      ...session,
      status: 'failed',
      reserved_dollars: 0,
      ended_at: ports.clock.now().toISOString(),
      ...(outcome.failure === undefined ? {} : { failure: outcome.failure }),
    });
  }
};
