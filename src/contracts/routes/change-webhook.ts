import { NameParams } from '../path-params.ts';
import type { Route } from '../route.ts';
import { WebhookChange, WebhookView } from '../webhook.ts';

/** Change or pause a webhook, or make it a new key. */
export const changeWebhook = {
  method: 'PATCH',
  path: '/webhooks/{name}',
  function: 'change-webhook',
  roles: ['operator'],
  tenant_wide: true,
  params: NameParams,
  body: WebhookChange,
  status: 200,
  output: WebhookView,
} as const satisfies Route;
