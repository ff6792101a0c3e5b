import * as z from 'zod';
import type { Route } from '../route.ts';

/** This API as an OpenAPI 3.1 document. */
export const describeApi = {
  method: 'GET',
  path: '/openapi.json',
  function: 'describe-api',
  roles: 'anyone',
  status: 200,
  output: z.looseObject({ openapi: z.string() }),
} as const satisfies Route;
