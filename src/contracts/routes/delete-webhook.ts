import { NameParams } from '../path-params.ts';
import type { Route } from '../route.ts';
import { WebhookView } from '../webhook.ts';

/** Forget a webhook and its key. */
export const deleteWebhook = {
  method: 'DELETE',
  path: '/webhooks/{name}',
  function: 'delete-webhook',
  roles: ['operator'],
  tenant_wide: true,
  params: NameParams,
  status: 200,
  output: WebhookView,
} as const satisfies Route;
