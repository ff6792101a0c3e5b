import type { Webhook, WebhookView } from '../contracts/webhook.ts';

/** A webhook as the API shows it: without its secret, its URL without the values of the query. */
export const showWebhook = (
  { tenant: _tenant, secret: _secret, shown_url, old_key, ...webhook }: Webhook,
  now: Date,
): WebhookView => ({
  ...webhook,
  url: shown_url,
  ...(old_key !== undefined && Date.parse(old_key.until) > now.getTime() ? { old_key_until: old_key.until } : {}),
});
