import { type Failure, toFailure } from '../contracts/failure.ts';
import type { ExecutionStatus, RunIds } from '../contracts/execution.ts';
import { measuredLines } from '../contracts/measured-lines.ts';
import type { AgentSession } from '../contracts/agent.ts';
import type { Run } from '../contracts/run.ts';
import { heldByRun } from '../contracts/sandbox.ts';
import { collectLastEvidence } from '../contracts/tasks/collect-last-evidence.ts';
import type { TaskOutput } from '../contracts/tasks.ts';
import { endedSteps } from '../domain/run/attempt-steps.ts';
import { currentExecution, executionName } from '../domain/run/execution-name.ts';
import { type RunOutcome, runOutcome } from '../domain/run/run-outcome.ts';
import { startedExecutions } from '../domain/run/steps-from-history.ts';
import { inlineSecretName } from '../domain/run-keys.ts';
import type { Ports } from '../ports/ports.ts';
import type { PortsOf } from '../ports/port-access.ts';
import { readSteps } from './read-steps.ts';

type SettlePorts = PortsOf<'settle-run'>;

/** The end of a run's execution. */
export type RunExecutionEnd = RunIds & {
  readonly execution_id: string;
  readonly name: string;
  readonly status: ExecutionStatus;
  /** Why, where it did not succeed; empty otherwise. */
  readonly error: string;
  readonly cause: string;
};

/**
 * The one way in which a run ends, whatever happened to its execution: stops what it
 * left running, keeps the last evidence and the steps, gives the
 * sandbox back, deletes inline credentials, records the outcome. No part keeps another from being done: each is tried,
 * and where one fails the run is settled all the same, and the call fails, to be made again. That is harmless at any
 * point: each part changes nothing the second time, and the outcome, recorded last, is recorded once.
 */
export const settleRun = async (ports: SettlePorts, ended: RunExecutionEnd): Promise<TaskOutput<'settle-run'>> => {
  const outcome = runOutcome(ended.status, ended.error, ended.cause);
  if (outcome === undefined) return { settled: false };
  const run = await ports.runs.get(ended.tenant, ended.run_id);
  // An event that comes late, or once more, may be about an attempt before the one that is under way.
  if (run === undefined || ended.name !== executionName(run)) return { settled: false };
  // An execution of another machine may have been given the name of this run in the console.
  if ((currentExecution(run) ?? ended.execution_id) !== ended.execution_id) return { settled: false };

  const own = { ...ports, log: ports.log.with({ tenant: run.tenant, run_id: run.run_id }) };
  const ended_at = ports.clock.now().toISOString();
  const failed = await tryAll(own, {
    'loops stopped': () => stopLoops(own, ended.execution_id, outcome),
    'evidence collected': () => collectEvidence(own, run),
    'sandbox released': () => releaseSandbox(own, run),
    'credentials deleted': () => deleteCredentials(own, run),
    'steps kept': () => keepLastSteps(own, { ...run, execution_id: ended.execution_id }, outcome, ended_at),
    'agents ended': () => endSessions(own, run, outcome, ended_at),
  });
  const settled = await ports.runs.settle(run.tenant, run.run_id, { attempt: run.attempt, ...outcome, ended_at });
  // One may have begun while the others were ended; once the run is settled, none does.
  await endSessions(own, run, outcome, ended_at);
  if (settled)
    own.log.info(measuredLines.runEnded, {
      status: outcome.status,
      failure: outcome.failure?.kind,
      reports: run.reports.length,
      seconds: Math.round((Date.parse(ended_at) - Date.parse(run.created_at)) / 1_000),
    });
  if (failed !== undefined) throw failed;
  return { settled };
};

/** Does each part, whatever comes of the others; gives the first failure. */
const tryAll = async (
  { log }: Pick<Ports, 'log'>,
  parts: Readonly<Record<string, () => Promise<void>>>,
): Promise<Failure | undefined> => {
  let first: Failure | undefined;
  for (const [part, work] of Object.entries(parts)) {
    try {
      await work();
    } catch (thrown) {
      const failure = toFailure(thrown);
      log.error('part of the settling failed', { part, failure: failure.kind, reason: failure.message });
      first ??= failure;
    }
  }
  return first;
};

/**
 * Stops the executions that the run’s own has started and that still run: an engine stops them with the one that waits for
 * them as well as it can, and one that is timed out or aborted may leave them behind.
 */
const stopLoops = async (ports: SettlePorts, executionId: string, { status, failure }: RunOutcome): Promise<void> => {
  if (status === 'succeeded') return;
  const reason = { error: failure?.kind ?? 'RUN_CANCELLED', cause: failure?.message ?? 'The run has ended.' };
  for (const child of startedExecutions(await ports.workflow.history(executionId)).values()) {
    if ((await ports.workflow.describe(child))?.status !== 'RUNNING') continue;
    ports.log.warn('execution that its run left behind is stopped', { execution: child });
    await ports.workflow.stop(child, reason);
  }
};

/** By a function of its own, which reaches the sandbox. Where it cannot, the run ends without this. */
const collectEvidence = async (ports: SettlePorts, { tenant, run_id }: Run): Promise<void> => {
  if ((await ports.leases.get(tenant, heldByRun(run_id))) === undefined) return;
  try {
    await ports.functions.call(collectLastEvidence, { tenant, run_id });
  } catch (thrown) {
    ports.log.warn('evidence not collected', { failure: toFailure(thrown).kind });
  }
};

const releaseSandbox = async (ports: SettlePorts, { tenant, run_id, attempt }: Run): Promise<void> => {
  const holder = heldByRun(run_id);
  try {
    const lease = await ports.leases.get(tenant, holder);
    if (lease === undefined) return;
    await ports.sandbox.release(lease);
    await ports.leases.delete(tenant, holder, attempt);
  } finally {
    // Also what the run was about to be given, or was given and could not note.
    await ports.sandbox.abandon(tenant, holder);
  }
};

const deleteCredentials = async (ports: SettlePorts, { tenant, run_id, sources }: Run): Promise<void> => {
  for (const { kind, name } of sources)
    if (kind === 'inline') await ports.secrets.delete(tenant, inlineSecretName(run_id, name));
};

const keepLastSteps = async (ports: SettlePorts, run: Run, outcome: RunOutcome, endedAt: string): Promise<void> => {
  const steps = endedSteps(await readSteps(ports, run), endedAt, outcome.failure);
  await ports.steps.replace(run.tenant, run.run_id, steps);
};

/** An agent that the end of its run cut off ends with it. */
const endSessions = async (ports: SettlePorts, run: Run, { failure }: RunOutcome, ended_at: string): Promise<void> => {
  for (const session of await ports.sessions.list(run.tenant, run.run_id)) {
    // A function that nobody has told of the end may count a call at this moment: what it counts is not to be lost.
    for (let last: AgentSession | undefined = session; last?.status === 'running' && last.attempt === run.attempt;) {
      const ended: AgentSession = {
        ...last,
        status: 'failed',
        reserved_dollars: 0,
        ended_at,
        ...(failure === undefined ? {} : { failure }),
      };
      // Refused, too, where it has ended by itself, or runs in a later attempt by now.
      if (await ports.sessions.put(ended, last)) break;
      last = (await ports.sessions.list(run.tenant, run.run_id)).find(({ agent }) => agent === session.agent);
    }
  }
};
