import { Name } from '../../src/contracts/common.ts';
import { Failure } from '../../src/contracts/failure.ts';
import { programName } from '../program-name.ts';

/** A connection's name as it was given. Fails with INVALID_REQUEST where no connection can be called that. */
export const connectionName = (given: string): string => {
  if (Name.safeParse(given).success) return given;
  throw new Failure(
    'INVALID_REQUEST',
    `"${given}" cannot be the name of a connection, which is at most 63 lower-case letters, digits and hyphens, starting with a letter. See which there are: ${programName} connections list`,
    { where: 'name' },
  );
};
