import type { Delivery, SendResult } from '../contracts/delivery.ts';

/** Sends messages to the tenants' webhooks. */
export type WebhookSender = {
  /** Makes one try within 30 seconds, and tells what came of it: it fails of nothing that lies with the receiver. */
  send(delivery: Pick<Delivery, 'tenant' | 'consumer' | 'message'>): Promise<SendResult>;
};
