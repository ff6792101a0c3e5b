import type { SendResult } from '../contracts/delivery.ts';

/** A signed message on its way to a receiver. */
export type WebhookPost = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** Sends to addresses that tenants have named, and to none that lies inside of where this runs. */
export type WebhookSender = {
  /** Why nothing is sent to a URL, where that can be told without asking for its address. */
  refusal(url: string): string | undefined;
  /** Makes one try within 10 seconds, and tells what came of it: it fails of nothing that lies with the receiver. */
  post(request: WebhookPost): Promise<SendResult>;
};
