import { PageQuery } from '../page-query.ts';
import { NameParams } from '../path-params.ts';
import type { Route } from '../route.ts';
import { DeliveryPage } from '../webhook.ts';

/** What was sent to a webhook, and what is still to be. */
export const listDeliveries = {
  method: 'GET',
  path: '/webhooks/{name}/deliveries',
  function: 'list-deliveries',
  roles: ['operator'],
  tenant_wide: true,
  params: NameParams,
  query: PageQuery,
  status: 200,
  output: DeliveryPage,
} as const satisfies Route;
