import { ConnectionPage } from '../connection.ts';
import { PageQuery } from '../page-query.ts';
import { readers } from '../role.ts';
import type { Route } from '../route.ts';

/** The connections, by name. */
export const listConnections = {
  method: 'GET',
  path: '/connections',
  function: 'list-connections',
  roles: readers,
  query: PageQuery,
  status: 200,
  output: ConnectionPage,
} as const satisfies Route;
