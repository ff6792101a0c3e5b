import { DatasetList } from '../dataset.ts';
import { readers } from '../role.ts';
import type { Route } from '../route.ts';

/** The sample datasets. */
export const listDatasets = {
  method: 'GET',
  path: '/datasets',
  function: 'list-datasets',
  roles: readers,
  status: 200,
  output: DatasetList,
} as const satisfies Route;
