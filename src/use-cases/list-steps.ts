import type { StepList } from '../contracts/step.ts';
import type { PortsOf } from '../ports/port-access.ts';
import { findRun } from './find-run.ts';
import { readSteps } from './read-steps.ts';

/** What a run did so far: live from the engine while it runs, as kept when it was settled afterwards. */
export const listSteps = async (
  ports: PortsOf<'list-steps', never>,
  tenant: string,
  runId: string,
): Promise<StepList> => {
  const run = await findRun(ports, tenant, runId);
  const kept = run.status === 'running' ? [] : await ports.steps.list(tenant, runId);
  return { steps: kept.length > 0 ? kept : await readSteps(ports, run) };
};
