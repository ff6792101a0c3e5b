import { Failure } from '../../../contracts/failure.ts';
import type { Ports } from '../../../ports/ports.ts';
import type { AwsPort, Environment } from './aws-port.ts';

/** Ports by the names that use cases know them by. */
export type AwsPorts = { readonly [P in keyof Ports]?: AwsPort<Partial<Ports>[P]> };

/**
 * The ports of one function, from the environment that the stack gives it. Fails with SETTING_INVALID and names every
 * variable that is missing or wrong.
 */
export const makePorts = (ports: AwsPorts, environment: Environment = process.env): Partial<Ports> => {
  const made = Object.entries<AwsPort<unknown>>(ports).map(([name, make]) => ({ name, ...make(environment) }));
  const complaints = [...new Set(made.flatMap((one) => ('complaints' in one ? one.complaints : [])))];
  if (complaints.length > 0)
    throw new Failure(
      'SETTING_INVALID',
      `These environment variables are missing or wrong: ${complaints.join(', ')}. The stack sets them; deploy it again.`,
      { where: complaints[0]?.split(' ')[0] },
    );
  return Object.fromEntries(made.flatMap((one) => ('port' in one ? [[one.name, one.port]] : [])));
};
