import { Failure } from '../contracts/failure.ts';
import type { Ports } from '../ports/ports.ts';

/**
 * A failure to reach a database as it is told on a platform: what a deployment's network has to be told is nothing to a
 * service on one machine.
 */
export const adviseEgress = (platform: Ports['platform'], failure: Failure): Failure => {
  if (platform === 'aws' || failure.advice?.kind !== 'open_egress') return failure;
  return new Failure(failure.kind, failure.message, { where: failure.where, cause: failure });
};
