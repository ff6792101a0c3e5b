import { ConnectionRequest, ConnectionView } from '../connection.ts';
import type { Route } from '../route.ts';

/** Keep a database credential under a name. */
export const createConnection = {
  method: 'POST',
  path: '/connections',
  function: 'create-connection',
  roles: ['operator'],
  tenant_wide: true,
  body: ConnectionRequest,
  status: 201,
  output: ConnectionView,
} as const satisfies Route;
