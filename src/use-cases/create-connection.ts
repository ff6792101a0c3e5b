import { randomUUID } from 'node:crypto';
import type { Caller } from '../contracts/caller.ts';
import type { Connection, ConnectionRequest, ConnectionView } from '../contracts/connection.ts';
import { parseConnectionString } from '../domain/connection/parse-connection-string.ts';
import { requireReachable } from '../domain/connection/require-reachable.ts';
import { connectionSecretName } from '../domain/run-keys.ts';
import type { PortsOf } from '../ports/port-access.ts';
import { showUntested } from './show-connection.ts';

/**
 * Keeps a credential under a name. The record comes first: after a crash in between there is a connection that everybody
 * can see and that does not open; rotating or deleting it mends that, and no credential lies where nobody knows of it.
 * Fails with CONFLICT where there is one of the name.
 */
export const createConnection = async (
  ports: PortsOf<'create-connection', 'clock' | 'log' | 'platform'>,
  { tenant, actor }: Caller,
  { name, db_conn_string }: ConnectionRequest,
): Promise<ConnectionView> => {
  const { target, label } = parseConnectionString(db_conn_string);
  requireReachable(ports.platform, target);
  const created_at = ports.clock.now().toISOString();
  const secret = connectionSecretName(name, randomUUID());
  const connection: Connection = { tenant, name, engine: target.engine, label, secret, created_at, created_by: actor };
  await ports.connections.create(connection);
  try {
    await ports.secrets.put(tenant, secret, db_conn_string);
  } catch (thrown) {
    await ports.connections.delete(tenant, name, secret);
    throw thrown;
  }
  ports.log.info('connection created', { connection: name, label });
  return showUntested(connection);
};
