import type { ConnectionView, RotationRequest } from '../contracts/connection.ts';
import { parseConnectionString } from '../domain/connection/parse-connection-string.ts';
import { connectionSecretName } from '../domain/run-keys.ts';
import type { Ports } from '../ports/ports.ts';
import { findConnection, noSuchConnection } from './find-connection.ts';
import { showConnection } from './show-connection.ts';

/**
 * Replaces the credential of a connection, and with it what is shown of the database. Runs that have opened their sources
 * go on with the old one; those that open them later take the new one.
 */
export const rotateConnection = async (
  ports: Pick<Ports, 'runs' | 'objects' | 'secrets' | 'clock' | 'log'>,
  tenant: string,
  name: string,
  { db_conn_string }: RotationRequest,
): Promise<ConnectionView> => {
  const { target, label } = parseConnectionString(db_conn_string);
  const connection = await findConnection(ports, tenant, name);
  await ports.secrets.put(tenant, connectionSecretName(name), db_conn_string);
  const change = { engine: target.engine, label, rotated_at: ports.clock.now().toISOString() };
  if (!(await ports.runs.updateConnection(tenant, name, change))) {
    // It was deleted meanwhile: its credential goes with it.
    await ports.secrets.delete(tenant, connectionSecretName(name));
    throw noSuchConnection(name);
  }
  ports.log.info('connection rotated', { connection: name, label });
  return showConnection(ports, { ...connection, ...change });
};
