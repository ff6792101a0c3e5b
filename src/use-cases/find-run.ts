import { Failure } from '../contracts/failure.ts';
import type { Run } from '../contracts/run.ts';
import type { Using } from '../ports/port-access.ts';

/** The run, or NOT_FOUND; another tenant's run is not found either, and the message does not tell them apart. */
export const findRun = async (ports: Using<{ runs: 'read' }>, tenant: string, runId: string): Promise<Run> => {
  const run = await ports.runs.get(tenant, runId);
  if (run === undefined)
    throw new Failure('NOT_FOUND', `There is no run ${runId}.`, {
      where: 'path.id',
      advice: { kind: 'see_runs' },
    });
  return run;
};
