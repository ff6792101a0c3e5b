import { Failure } from '../../contracts/failure.ts';
import type { Sandbox } from '../../ports/sandbox.ts';

/** Ports that the stack has nothing behind yet. Each says so by its failure, in place of a guess. */

/** The stack makes no cluster for sandboxes: a run fails in its first state, and settles like any other. */
export const noSandbox: Sandbox = {
  async take() {
    throw new Failure(
      'SANDBOX_UNAVAILABLE',
      'This deployment has no cluster to run sandboxes in. Survey the database with Surveyor on one machine.',
    );
  },
  async call(lease, operation) {
    throw new Failure('SANDBOX_LOST', `There is no sandbox "${lease.lease_id}" that could ${operation}.`);
  },
  async release() {
    // None was ever given.
  },
  async abandon() {
    // None is waited for.
  },
};
