import type { Route } from '../route.ts';
import { WebhookRequest, WebhookView } from '../webhook.ts';

/** Have messages sent to a URL. */
export const createWebhook = {
  method: 'POST',
  path: '/webhooks',
  function: 'create-webhook',
  roles: ['operator'],
  tenant_wide: true,
  body: WebhookRequest,
  status: 201,
  output: WebhookView,
} as const satisfies Route;
