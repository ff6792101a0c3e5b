import { Health } from '../health.ts';
import type { Route } from '../route.ts';

/** Whether the service works. */
export const checkHealth = {
  method: 'GET',
  path: '/health',
  function: 'check-health',
  roles: 'anyone',
  status: 200,
  output: Health,
} as const satisfies Route;
