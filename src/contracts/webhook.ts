import * as z from 'zod';
import { Actor } from './actor.ts';
import { Name, Tenant, Timestamp } from './common.ts';
import { Delivery } from './delivery.ts';
import { MessageType } from './message.ts';
import { Unreadable } from './unreadable.ts';

/** The most webhooks of a tenant: each message is sent to all that want it. */
export const maxWebhooks = 10;

/** How long a key that was replaced still signs, beside the new one: so long a receiver has to learn of that. */
export const oldKeyHours = 24;

const urlProblem = (text: string): string | undefined => {
  const url = URL.parse(text);
  if (url === null) return 'is not a URL';
  if (url.protocol !== 'https:') return 'has to begin with https://';
  if (url.username !== '' || url.password !== '') return 'carries a user or password, which headers of HTTP would show';
  return url.hash === '' ? undefined : 'has a fragment (#…), which no server is sent';
};

/** Where messages are sent. */
export const WebhookUrl = z
  .string()
  .max(2_000)
  .superRefine((text, context) => {
    const message = urlProblem(text);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  })
  .describe('https:// alone, and never a private address');
export type WebhookUrl = z.infer<typeof WebhookUrl>;

/** What messages are signed with: `whsec_` and 32 random bytes in base64, as the Standard Webhooks have it. */
export const SigningKey = z.string().regex(/^whsec_[A-Za-z0-9+/]{43}=$/);
export type SigningKey = z.infer<typeof SigningKey>;

const types = z
  .array(MessageType)
  .min(1)
  .refine((list) => new Set(list).size === list.length, { error: 'names a type twice' })
  .readonly()
  .describe('Which messages are sent');

/** A receiver of messages as it is stored: all but its URL, which may carry a secret, and its key. */
export const Webhook = z.strictObject({
  tenant: Tenant,
  name: Name,
  shown_url: z.string().describe('The URL without the values of its query'),
  types,
  paused: z.boolean().describe('Nothing is sent, and no message of this time is kept for it'),
  secret: z.string().describe('The name of the secret that holds the URL and the key; every change makes another'),
  old_key: z
    .strictObject({ secret: z.string(), until: Timestamp })
    .optional()
    .describe('The secret with the key before, which signs too until then'),
  created_at: Timestamp,
  created_by: Actor,
  changed_at: Timestamp,
  revision: z.int().positive().describe('One more with every change'),
});
export type Webhook = z.infer<typeof Webhook>;

/** What the secret of a webhook holds, as JSON. */
export const WebhookSecret = z.strictObject({ url: WebhookUrl, signing_key: SigningKey });
export type WebhookSecret = z.infer<typeof WebhookSecret>;

/** A webhook as the API shows it. */
export const WebhookView = z.strictObject({
  ...Webhook.omit({ tenant: true, secret: true, shown_url: true, old_key: true }).shape,
  url: Webhook.shape.shown_url,
  old_key_until: Timestamp.optional().describe('Until then the key before signs, too'),
  signing_key: SigningKey.optional().describe('In the answer that makes it alone: it is not shown again'),
});
export type WebhookView = z.infer<typeof WebhookView>;

/** One page of webhooks, by name. */
export const WebhookPage = z.strictObject({
  webhooks: z.array(WebhookView).readonly(),
  unreadable: Unreadable.describe('Names of those of the page that are stored and cannot be read'),
  next_cursor: z.string().optional(),
});
export type WebhookPage = z.infer<typeof WebhookPage>;

/** The body of `POST /webhooks`. */
export const WebhookRequest = z.strictObject({
  name: Name,
  url: WebhookUrl,
  types: types.default(MessageType.options),
  paused: z.boolean().default(false),
});
export type WebhookRequest = z.infer<typeof WebhookRequest>;

/** The body of `PATCH /webhooks/{name}`: what it names is replaced. */
export const WebhookChange = z
  .strictObject({
    url: WebhookUrl.optional(),
    types: types.optional(),
    paused: z.boolean().optional(),
    rotate_key: z.literal(true).optional().describe('Makes a new key; the one before signs too for a day'),
  })
  .refine((change) => Object.keys(change).length > 0, { error: 'name something to change' });
export type WebhookChange = z.infer<typeof WebhookChange>;

/** A delivery as the API shows it. */
export const DeliveryView = z.strictObject(
  Delivery.omit({ tenant: true, consumer: true, claimed_by: true, consumer_made_at: true }).shape,
);
export type DeliveryView = z.infer<typeof DeliveryView>;

/** One page of the deliveries of a webhook, newest run first. */
export const DeliveryPage = z.strictObject({
  deliveries: z.array(DeliveryView).readonly(),
  unreadable: Unreadable.describe('Ids of those messages of the page whose deliveries are stored and cannot be read'),
  next_cursor: z.string().optional(),
});
export type DeliveryPage = z.infer<typeof DeliveryPage>;
