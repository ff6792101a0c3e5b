import { runOfExecution } from '../domain/run/adopted-run.ts';
import { executionName } from '../domain/run/execution-name.ts';
import type { Using } from '../ports/port-access.ts';
import type { Execution } from '../ports/workflow.ts';
import { readSteps } from './read-steps.ts';

/**
 * Keeps what a run has done so far, for the case that its engine is killed and forgets. Settling keeps them once more,
 * whole; so nothing is kept of an execution that has ended meanwhile.
 */
export const keepSteps = async (
  ports: Using<{ runs: 'read'; steps: 'read' | 'write'; workflow: 'read' }>,
  execution: Execution,
): Promise<void> => {
  const ids = runOfExecution({ ...execution, started_at: Date.parse(execution.started_at) });
  const run = ids && (await ports.runs.get(ids.tenant, ids.run_id));
  if (run?.status !== 'running' || execution.name !== executionName(run)) return;
  const steps = await readSteps(ports, { ...run, execution_id: execution.execution_id });
  const now = await ports.workflow.describe(execution.execution_id);
  if (now?.status === 'RUNNING') await ports.steps.replace(run.tenant, run.run_id, steps);
};
