import { RunParams } from '../path-params.ts';
import { readers } from '../role.ts';
import type { Route } from '../route.ts';
import { StepList } from '../step.ts';

/** What a run did, state by state. */
export const listSteps = {
  method: 'GET',
  path: '/runs/{id}/steps',
  function: 'list-steps',
  roles: readers,
  params: RunParams,
  status: 200,
  output: StepList,
} as const satisfies Route;
