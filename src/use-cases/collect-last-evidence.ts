import { setTimeout as wait } from 'node:timers/promises';
import { Failure, toFailure } from '../contracts/failure.ts';
import { heldByRun, type Lease } from '../contracts/sandbox.ts';
import type { TaskInput, TaskOutput } from '../contracts/tasks.ts';
import type { PortsOf } from '../ports/port-access.ts';
import { collectEvidence } from './collect-evidence.ts';

/** A sandbox that hangs is what the run may have failed of; the rest of its end does not wait longer for it. */
const maxSeconds = 20;

/**
 * Fetches what the sandbox of a run that has ended has not handed over yet. It is lost with the sandbox where that does not
 * answer: no later try could bring it back.
 */
export const collectLastEvidence = async (
  ports: PortsOf<'collect-last-evidence'>,
  { tenant, run_id }: TaskInput<'collect-last-evidence'>,
): Promise<TaskOutput<'collect-last-evidence'>> => {
  const lease = await ports.leases.get(tenant, heldByRun(run_id));
  if (lease === undefined) return { collected: false };
  try {
    await Promise.race([collectEvidence(ports, lease, run_id), late(lease)]);
    return { collected: true };
  } catch (thrown) {
    ports.log.warn('evidence not collected', { failure: toFailure(thrown).kind });
    return { collected: false };
  }
};

const late = async (lease: Lease): Promise<never> => {
  await wait(maxSeconds * 1_000, undefined, { ref: false });
  throw new Failure(
    'SANDBOX_LOST',
    `The sandbox of ${lease.holder.kind} ${lease.holder.id} did not hand over its last evidence.`,
  );
};
