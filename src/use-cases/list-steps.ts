import type { StepList } from '../contracts/step.ts';
import type { Ports } from '../ports/ports.ts';
import { findRun } from './find-run.ts';
import { readSteps } from './read-steps.ts';

/** What a run did so far: live from the engine while it runs, as kept when it was settled afterwards. */
export const listSteps = async (
  ports: Pick<Ports, 'runs' | 'steps' | 'workflow'>,
  tenant: string,
  runId: string,
): Promise<StepList> => {
  const run = await findRun(ports, tenant, runId);
  const kept = run.status === 'running' ? [] : await ports.steps.list(tenant, runId);
  return { steps: kept.length > 0 ? kept : await readSteps(ports, run) };
};
