import { ConnectionView, RotationRequest } from '../connection.ts';
import { NameParams } from '../path-params.ts';
import type { Route } from '../route.ts';

/** Replace the credential of a connection. */
export const rotateConnection = {
  method: 'POST',
  path: '/connections/{name}/rotate',
  function: 'rotate-connection',
  roles: ['operator'],
  tenant_wide: true,
  params: NameParams,
  body: RotationRequest,
  status: 200,
  output: ConnectionView,
} as const satisfies Route;
