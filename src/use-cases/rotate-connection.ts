import { randomUUID } from 'node:crypto';
import type { Caller } from '../contracts/caller.ts';
import type { Connection, ConnectionView, RotationRequest } from '../contracts/connection.ts';
import { Failure, toFailure } from '../contracts/failure.ts';
import { parseConnectionString } from '../domain/connection/parse-connection-string.ts';
import { requireReachable } from '../domain/connection/require-reachable.ts';
import { connectionSecretName } from '../domain/run-keys.ts';
import type { Ports } from '../ports/ports.ts';
import type { PortsOf, Using } from '../ports/port-access.ts';
import { changedMeanwhile, findConnection } from './find-connection.ts';
import { showUntested } from './show-connection.ts';

/**
 * Replaces the credential of a connection, and with it what is shown of the database. The new one is a secret of its own,
 * and one conditional update makes the connection name it: of several who rotate at once one does, the others fail with
 * CONFLICT and theirs are deleted. Runs that have opened their sources go on with the old one.
 * The answer says where the new string leads to another database. Fails with INVALID_REQUEST
 * where the string is for another kind of database.
 */
export const rotateConnection = async (
  ports: PortsOf<'rotate-connection', 'clock' | 'log' | 'platform'>,
  { tenant, actor }: Caller,
  name: string,
  { db_conn_string }: RotationRequest,
): Promise<ConnectionView> => {
  const { target, label } = parseConnectionString(db_conn_string);
  requireReachable(ports.platform, target);
  const connection = await findConnection(ports, tenant, name);
  if (target.engine !== connection.engine)
    throw new Failure(
      'INVALID_REQUEST',
      `The connection "${name}" is to ${connection.label}, and the new string is for another kind of database (${target.engine}, not ${connection.engine}).`,
      { where: 'body.db_conn_string', advice: { kind: 'make_other_connection' } },
    );

  const secret = connectionSecretName(name, randomUUID());
  const rotation = { secret, label, rotated_at: ports.clock.now().toISOString(), rotated_by: actor };
  await ports.secrets.put(tenant, secret, db_conn_string);
  if (!(await didRotate(ports, connection, rotation))) {
    await forget(ports, tenant, name, secret);
    throw await changedMeanwhile(ports, tenant, name);
  }
  await forget(ports, tenant, name, connection.secret);
  // It may be meant, as when a server moves; nobody should learn it from the next report.
  const moved = label.toLowerCase() === connection.label.toLowerCase() ? {} : { moved_from: connection.label };
  ports.log.info('connection rotated', { connection: name, label, ...moved });
  return { ...showUntested({ ...connection, ...rotation }), ...moved };
};

/**
 * Whether the connection names the new secret now. A store's client that sends an update again whose answer was lost is
 * told that the condition does not hold, so that is looked at. Where the store fails, nobody knows: the secret stays, and the
 * log says which.
 */
const didRotate = async (
  { connections, log }: Using<{ connections: 'read' | 'update' }, 'log'>,
  { tenant, name, secret: before }: Connection,
  rotation: Parameters<Ports['connections']['rotate']>[3],
): Promise<boolean> => {
  try {
    if (await connections.rotate(tenant, name, before, rotation)) return true;
    return (await connections.get(tenant, name))?.secret === rotation.secret;
  } catch (thrown) {
    log.error('rotation not known to have worked', { connection: name, secret: rotation.secret });
    throw thrown;
  }
};

/** The connection is rotated whether or not the store lets go of the old credential, so that is no failure of the request. */
const forget = async (
  { secrets, log }: Using<{ secrets: 'delete' }, 'log'>,
  tenant: string,
  name: string,
  secret: string,
): Promise<void> => {
  try {
    await secrets.delete(tenant, secret);
  } catch (thrown) {
    const { kind, message } = toFailure(thrown);
    log.error('credential not deleted', { connection: name, secret, failure: kind, reason: message });
  }
};
