import type { Run } from '../contracts/run.ts';
import type { RunIds } from '../contracts/execution.ts';
import type { Using } from '../ports/port-access.ts';
import { findRun } from './find-run.ts';
import { tooLate } from './too-late.ts';

/**
 * The run, which is running in the attempt that a task is of. Fails with CONFLICT where it is not. Asked once more before
 * documents are replaced that a later attempt may have written, it leaves a late function milliseconds for what would
 * else be its 15 minutes.
 */
export const findRunUnderWay = async (
  ports: Using<{ runs: 'read' }>,
  { tenant, run_id, attempt }: RunIds & { readonly attempt?: number | undefined },
): Promise<Run> => {
  const run = await findRun(ports, tenant, run_id);
  if (run.status !== 'running' || run.attempt !== (attempt ?? run.attempt)) throw tooLate(run_id);
  return run;
};
