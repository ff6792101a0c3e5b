import * as z from 'zod';
import { CatalogRequest } from '../catalog.ts';
import { IdempotencyKey } from '../idempotency.ts';
import type { Route } from '../route.ts';
import { RunAccepted } from '../run.ts';

/** Start a catalog of a database. */
export const createCatalog = {
  method: 'POST',
  path: '/catalog',
  function: 'create-catalog',
  roles: ['operator'],
  headers: z.object({ 'idempotency-key': IdempotencyKey.optional() }),
  body: CatalogRequest,
  status: 202,
  output: RunAccepted,
} as const satisfies Route;
