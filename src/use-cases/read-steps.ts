import type { Run } from '../contracts/run.ts';
import type { Step } from '../contracts/step.ts';
import { stepsBeforeAttempt, stepsOfAttempt } from '../domain/run/attempt-steps.ts';
import { currentExecution } from '../domain/run/execution-name.ts';
import { type ExecutionTree, startedExecutions, stepsFromHistory } from '../domain/run/steps-from-history.ts';
import type { Using } from '../ports/port-access.ts';

/** Agents are executions below a run's, and start none themselves; deeper ones could only be a fault. */
const deepest = 3;

/**
 * The steps of a run: those of earlier attempts as they were kept, those of the present one live from the histories of its
 * executions. Where the engine no longer knows these, as they were kept last.
 */
export const readSteps = async (
  ports: Using<{ steps: 'read'; workflow: 'read' }>,
  run: Run,
): Promise<readonly Step[]> => {
  const kept = await ports.steps.list(run.tenant, run.run_id);
  const execution = currentExecution(run);
  const live = execution === undefined ? [] : stepsFromHistory(await readTree(ports, execution, deepest));
  return live.length === 0 ? kept : [...stepsBeforeAttempt(kept, run.attempt), ...stepsOfAttempt(live, run.attempt)];
};

const readTree = async (
  ports: Using<{ workflow: 'read' }>,
  executionId: string,
  depth: number,
): Promise<ExecutionTree> => {
  const events = await ports.workflow.history(executionId);
  const children = new Map<number, ExecutionTree>();
  if (depth > 0) {
    for (const [eventId, childId] of startedExecutions(events))
      children.set(eventId, await readTree(ports, childId, depth - 1));
  }
  return { events, children };
};
