import type { ConnectionPage } from '../contracts/connection.ts';
import type { PortsOf } from '../ports/port-access.ts';
import { showConnection } from './show-connection.ts';

/** One page of the tenant's connections, by name, each with its last test. */
export const listConnections = async (
  ports: PortsOf<'list-connections', never>,
  tenant: string,
  page: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<ConnectionPage> => {
  const { items, unreadable, next_cursor } = await ports.connections.list(tenant, page);
  const connections = await Promise.all(items.map((connection) => showConnection(ports, connection)));
  return {
    connections,
    ...(unreadable === undefined ? {} : { unreadable }),
    ...(next_cursor === undefined ? {} : { next_cursor }),
  };
};
