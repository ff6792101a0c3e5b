import { ConnectionView } from '../connection.ts';
import { NameParams } from '../path-params.ts';
import type { Route } from '../route.ts';

/** Forget a connection and its credential. */
export const deleteConnection = {
  method: 'DELETE',
  path: '/connections/{name}',
  function: 'delete-connection',
  roles: ['operator'],
  tenant_wide: true,
  params: NameParams,
  status: 200,
  output: ConnectionView,
} as const satisfies Route;
