import { NameParams } from '../path-params.ts';
import type { Route } from '../route.ts';
import { RunAccepted } from '../run.ts';

/** Open a connection once, in a run of its own. */
export const testConnection = {
  method: 'POST',
  path: '/connections/{name}/test',
  function: 'test-connection',
  roles: ['operator'],
  tenant_wide: true,
  params: NameParams,
  status: 202,
  output: RunAccepted,
} as const satisfies Route;
