import { PageQuery } from '../page-query.ts';
import type { Route } from '../route.ts';
import { WebhookPage } from '../webhook.ts';

/** The webhooks, by name. */
export const listWebhooks = {
  method: 'GET',
  path: '/webhooks',
  function: 'list-webhooks',
  roles: ['operator'],
  tenant_wide: true,
  query: PageQuery,
  status: 200,
  output: WebhookPage,
} as const satisfies Route;
