import { Failure } from '../contracts/failure.ts';
import { heldByRun } from '../contracts/sandbox.ts';
import { measuredLines } from '../contracts/measured-lines.ts';
import type { TaskInput, TaskOutput } from '../contracts/tasks.ts';
import type { PortsOf } from '../ports/port-access.ts';
import { findRun } from './find-run.ts';
import { findRunUnderWay } from './find-run-under-way.ts';
import { tooLate } from './too-late.ts';

type TakePorts = PortsOf<'take-sandbox'>;

/**
 * Takes a sandbox for the run, and notes the lease once it is ready; before, it says how far it is, for the machine to wait
 * and ask again. A run that has ended meanwhile, or goes on in a later attempt, fails here and leaves no sandbox behind.
 */
export const takeSandbox = async (
  ports: TakePorts,
  { tenant, run_id, attempt, since }: TaskInput<'take-sandbox'>,
): Promise<TaskOutput<'take-sandbox'>> => {
  const run = await findRunUnderWay(ports, { tenant, run_id, attempt });
  const holder = heldByRun(run_id);
  const taken = await ports.sandbox.take(tenant, holder, run.attempt);
  const now = await findRun(ports, tenant, run_id);
  if (now.status !== 'running') {
    // Settling has looked for a sandbox before this one was taken, and will not look again.
    await ports.sandbox.abandon(tenant, holder);
    throw new Failure('RUN_CANCELLED', `Run ${run_id} ended while a sandbox was taken for it.`);
  }
  if (now.attempt !== run.attempt)
    throw new Failure(
      'RUN_CANCELLED',
      `Run ${run_id} goes on in attempt ${now.attempt}; this is attempt ${run.attempt}.`,
    );

  const waited_seconds = secondsSince(since, ports.clock.now());
  if (taken.state !== 'ready') return { state: taken.state, wait_seconds: taken.wait_seconds, waited_seconds };
  if (!(await ports.leases.put(taken.lease))) throw tooLate(run_id);
  ports.log.info(measuredLines.sandboxTaken, { sandbox: taken.lease.lease_id, attempt: run.attempt, waited_seconds });
  return { state: 'ready', wait_seconds: 0, waited_seconds };
};

const secondsSince = (since: string, now: Date): number =>
  Math.max(0, Math.round((now.getTime() - Date.parse(since)) / 1_000));
