import { PageQuery } from '../page-query.ts';
import { readers } from '../role.ts';
import type { Route } from '../route.ts';
import { RunPage } from '../run.ts';

/** The runs, newest first. */
export const listRuns = {
  method: 'GET',
  path: '/runs',
  function: 'list-runs',
  roles: readers,
  query: PageQuery,
  status: 200,
  output: RunPage,
} as const satisfies Route;
