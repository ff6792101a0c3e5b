import type { Connection } from '../contracts/connection.ts';
import { Failure } from '../contracts/failure.ts';
import type { Using } from '../ports/port-access.ts';

/** The connection, or NOT_FOUND; another tenant's is not found either, and the message does not tell them apart. */
export const findConnection = async (
  ports: Using<{ connections: 'read' }>,
  tenant: string,
  name: string,
  where = 'path.name',
): Promise<Connection> => {
  const connection = await ports.connections.get(tenant, name);
  if (connection === undefined) throw noSuchConnection(name, where);
  return connection;
};

/** What is said to one who found a connection, and then not as it was: another deleted or rotated it at the same moment. */
export const changedMeanwhile = async (
  ports: Using<{ connections: 'read' }>,
  tenant: string,
  name: string,
): Promise<Failure> =>
  (await ports.connections.get(tenant, name)) === undefined
    ? noSuchConnection(name)
    : new Failure(
        'CONFLICT',
        `The connection "${name}" was rotated by another request at the same moment, which counts.`,
        { where: 'path.name', advice: { kind: 'see_connection', connection: name } },
      );

/** What is said where there is no connection of a name. */
export const noSuchConnection = (name: string, where = 'path.name'): Failure =>
  new Failure('NOT_FOUND', `There is no connection "${name}".`, { where, advice: { kind: 'see_connections' } });
