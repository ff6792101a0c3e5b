import { reportOf } from '../contracts/failure-report.ts';
import { type Failure, type FailureKind, toFailure } from '../contracts/failure.ts';
import type { Run } from '../contracts/run.ts';
import { executionInput, executionName } from '../domain/run/execution-name.ts';
import type { Using } from '../ports/port-access.ts';
import type { KeptStrings } from './kept-strings.ts';

type BeginPorts = Using<{ runs: 'write'; workflow: 'start' }, 'clock' | 'log'>;

/** Failures by which an engine says that it has started nothing. */
const notStarted: ReadonlySet<FailureKind> = new Set<FailureKind>([
  'INVALID_REQUEST',
  'NOT_FOUND',
  'REQUEST_TOO_LARGE',
  'RUN_INTERRUPTED',
]);

/**
 * Begins the execution of a run’s attempt, once what it needs is prepared. Where that fails the run is ended here: no
 * execution means no event that would. Where nobody knows whether it has begun (its answer was lost, the engine did not
 * answer) the run stays as it is: its execution carries it on, or reconciling finds that there is none and settles it.
 */
export const beginExecution = async (
  ports: BeginPorts,
  run: Pick<Run, 'tenant' | 'run_id' | 'attempt' | 'trigger' | 'chain' | 'sources'>,
  { kept, prepare }: { readonly kept: KeptStrings; readonly prepare: () => Promise<void> },
): Promise<void> => {
  try {
    await prepare();
  } catch (thrown) {
    throw await giveUp(ports, run, kept, toFailure(thrown));
  }
  try {
    const request = { machine: run.chain.name, name: executionName(run), input: executionInput(run) };
    const { execution_id } = await ports.workflow.start(request);
    await noteExecution(ports, run, execution_id);
  } catch (thrown) {
    const failure = toFailure(thrown);
    // The name is the attempt’s own: it was begun before, by who lost the answer, and has ended by now.
    if (failure.kind === 'CONFLICT') return;
    throw notStarted.has(failure.kind) ? await giveUp(ports, run, kept, failure) : failure;
  }
};

/** A run is found by the name of its execution too, so that one which runs is not ended because its id could not be noted. */
const noteExecution = async (
  { runs, log }: BeginPorts,
  { tenant, run_id, attempt }: Pick<Run, 'tenant' | 'run_id' | 'attempt'>,
  executionId: string,
): Promise<void> => {
  try {
    await runs.setExecution(tenant, run_id, attempt, executionId);
  } catch (thrown) {
    log.warn('execution not noted', { tenant, run_id, failure: toFailure(thrown).kind });
  }
};

/** Does what settling would, and gives the failure. Where that fails too, reconciling does it. */
const giveUp = async (
  ports: BeginPorts,
  { tenant, run_id, attempt, sources }: Pick<Run, 'tenant' | 'run_id' | 'attempt' | 'sources'>,
  kept: KeptStrings,
  failure: Failure,
): Promise<Failure> => {
  try {
    for (const { kind, name } of sources) if (kind === 'inline') await kept.forget(tenant, run_id, name);
    const ended_at = ports.clock.now().toISOString();
    await ports.runs.settle(tenant, run_id, { attempt, status: 'failed', ended_at, failure: reportOf(failure) });
  } catch (thrown) {
    ports.log.error('run that did not begin not ended', { tenant, run_id, failure: toFailure(thrown).kind });
  }
  return failure;
};
