import type { Run } from '../contracts/run.ts';
import type { Step } from '../contracts/step.ts';
import { type ExecutionTree, startedExecutions, stepsFromHistory } from '../domain/run/steps-from-history.ts';
import type { Ports } from '../ports/ports.ts';

/** Agents are executions below a run's, and start none themselves; deeper ones could only be a fault. */
const deepest = 3;

/** The steps of a run from the histories of its executions, live. */
export const readSteps = async (ports: Pick<Ports, 'workflow'>, run: Run): Promise<readonly Step[]> =>
  run.execution_id === undefined ? [] : stepsFromHistory(await readTree(ports, run.execution_id, deepest));

const readTree = async (ports: Pick<Ports, 'workflow'>, executionId: string, depth: number): Promise<ExecutionTree> => {
  const events = await ports.workflow.history(executionId);
  const children = new Map<number, ExecutionTree>();
  if (depth > 0) {
    for (const [eventId, childId] of startedExecutions(events))
      children.set(eventId, await readTree(ports, childId, depth - 1));
  }
  return { events, children };
};
