import { Failure } from '../contracts/failure.ts';
import type { Run } from '../contracts/run.ts';
import type { Ports } from '../ports/ports.ts';

/** The run, or NOT_FOUND; another tenant's run is not found either, and the message does not tell them apart. */
export const findRun = async (ports: Pick<Ports, 'runs'>, tenant: string, runId: string): Promise<Run> => {
  const run = await ports.runs.get(tenant, runId);
  if (run === undefined)
    throw new Failure('NOT_FOUND', `There is no run ${runId}.`, {
      where: 'path.id',
      advice: { kind: 'see_runs' },
    });
  return run;
};
