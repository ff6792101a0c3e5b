import { RunParams } from '../path-params.ts';
import type { Route } from '../route.ts';
import { RunAccepted } from '../run.ts';

/** Stop a run that is under way. */
export const cancelRun = {
  method: 'POST',
  path: '/runs/{id}/cancel',
  function: 'cancel-run',
  roles: ['operator'],
  params: RunParams,
  status: 202,
  output: RunAccepted,
} as const satisfies Route;
