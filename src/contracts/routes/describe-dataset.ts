import { DatasetSchema } from '../dataset.ts';
import { NameParams } from '../path-params.ts';
import { readers } from '../role.ts';
import type { Route } from '../route.ts';

/** The tables and columns of a sample dataset. */
export const describeDataset = {
  method: 'GET',
  path: '/datasets/{name}/schema',
  function: 'describe-dataset',
  roles: readers,
  params: NameParams,
  status: 200,
  output: DatasetSchema,
} as const satisfies Route;
