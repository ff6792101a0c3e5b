import { RunParams } from '../path-params.ts';
import { readers } from '../role.ts';
import type { Route } from '../route.ts';
import { RunView } from '../run.ts';

/** One run and its agents. */
export const getRun = {
  method: 'GET',
  path: '/runs/{id}',
  function: 'get-run',
  roles: readers,
  params: RunParams,
  status: 200,
  output: RunView,
} as const satisfies Route;
