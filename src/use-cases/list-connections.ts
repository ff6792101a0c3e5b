import type { ConnectionPage } from '../contracts/connection.ts';
import type { Ports } from '../ports/ports.ts';
import { showConnection } from './show-connection.ts';

/** One page of the tenant's connections, by name, each with its last test. */
export const listConnections = async (
  ports: Pick<Ports, 'runs' | 'connections' | 'objects'>,
  tenant: string,
  page: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<ConnectionPage> => {
  const { items, next_cursor } = await ports.connections.list(tenant, page);
  const connections = await Promise.all(items.map((connection) => showConnection(ports, connection)));
  return { connections, ...(next_cursor === undefined ? {} : { next_cursor }) };
};
