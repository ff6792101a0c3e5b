import type { ConnectionView } from '../contracts/connection.ts';
import type { PortsOf } from '../ports/port-access.ts';
import { findConnection } from './find-connection.ts';
import { showConnection } from './show-connection.ts';

/** One connection and how its last test went. */
export const getConnection = async (
  ports: PortsOf<'get-connection', never>,
  tenant: string,
  name: string,
): Promise<ConnectionView> => showConnection(ports, await findConnection(ports, tenant, name));
