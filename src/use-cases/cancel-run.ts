import type { Caller } from '../contracts/caller.ts';
import { Failure, toFailure } from '../contracts/failure.ts';
import type { Run, RunAccepted } from '../contracts/run.ts';
import { currentExecution, executionInput, executionName } from '../domain/run/execution-name.ts';
import type { PortsOf, Using } from '../ports/port-access.ts';
import { findRun } from './find-run.ts';

type CancelPorts = PortsOf<'cancel-run'>;

/**
 * Stops a run that is under way: its execution is stopped, and what that ends settles the run as cancelled. Asked again
 * meanwhile, it answers the same. Fails with CONFLICT on a run that has ended.
 */
export const cancelRun = async (ports: CancelPorts, caller: Caller, runId: string): Promise<RunAccepted> => {
  const { tenant, actor } = caller;
  const run = await findRun(ports, tenant, runId);
  if (run.status !== 'running')
    throw new Failure('CONFLICT', `Run ${runId} has ended already, as ${run.status}: there is nothing to cancel.`, {
      where: 'path.id',
    });
  await ports.runs.addAct(tenant, runId, { act: 'cancel', actor, at: ports.clock.now().toISOString() });
  try {
    const executionId = currentExecution(run) ?? (await findExecution(ports, run));
    await ports.workflow.stop(executionId, { error: 'RUN_CANCELLED', cause: 'The run was cancelled by request.' });
    ports.log.info('run cancelled', { tenant, run_id: runId });
  } catch (thrown) {
    // It has ended by itself in this moment, and is about to be settled.
    if (!['CONFLICT', 'NOT_FOUND'].includes(toFailure(thrown).kind)) throw thrown;
  }
  return { run_id: runId, status_url: `/runs/${runId}` };
};

/**
 * The execution of a run that is just being started: starting it, too, answers with the one there is, or makes the one
 * that then cannot be started any more.
 */
const findExecution = async (ports: Using<{ workflow: 'start' }>, run: Run): Promise<string> => {
  const request = { machine: run.chain.name, name: executionName(run), input: executionInput(run) };
  return (await ports.workflow.start(request)).execution_id;
};
