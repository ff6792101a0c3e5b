import { dynamoWebhookStore } from '../stores/dynamo-webhook-store.ts';
import { stored } from './stored.ts';

/** Webhooks. */
export const webhooks = stored(dynamoWebhookStore);
