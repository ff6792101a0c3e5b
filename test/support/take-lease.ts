import { setTimeout as wait } from 'node:timers/promises';
import type { Lease, LeaseHolder } from '../../src/contracts/sandbox.ts';
import type { Sandbox } from '../../src/ports/sandbox.ts';

/** Asks for a sandbox until it is ready, as the machine of a run does. */
export const takeLease = async (
  sandbox: Pick<Sandbox, 'take'>,
  tenant: string,
  holder: LeaseHolder,
  attempt = 1,
): Promise<Lease> => {
  for (;;) {
    const taken = await sandbox.take(tenant, holder, attempt);
    if (taken.state === 'ready') return taken.lease;
    await wait(taken.wait_seconds * 1_000);
  }
};
