import { ConnectionView } from '../connection.ts';
import { NameParams } from '../path-params.ts';
import { readers } from '../role.ts';
import type { Route } from '../route.ts';

/** One connection and how its last test went. */
export const getConnection = {
  method: 'GET',
  path: '/connections/{name}',
  function: 'get-connection',
  roles: readers,
  params: NameParams,
  status: 200,
  output: ConnectionView,
} as const satisfies Route;
