import { NameParams } from '../path-params.ts';
import type { Route } from '../route.ts';
import { WebhookView } from '../webhook.ts';

/** One webhook. */
export const getWebhook = {
  method: 'GET',
  path: '/webhooks/{name}',
  function: 'get-webhook',
  roles: ['operator'],
  tenant_wide: true,
  params: NameParams,
  status: 200,
  output: WebhookView,
} as const satisfies Route;
