import { createHmac } from 'node:crypto';

/** What is signed. */
export type SignedContent = {
  readonly id: string;
  /** Seconds since 1970. */
  readonly timestamp: number;
  readonly body: string;
};

/**
 * The headers that a receiver checks, after the Standard Webhooks: a signature with each of the keys, which are base64 behind
 * `whsec_`. The time is signed too, so that an old message cannot be sent again by somebody else.
 */
export const signMessage = (
  { id, timestamp, body }: SignedContent,
  keys: readonly string[],
): Readonly<Record<string, string>> => ({
  'webhook-id': id,
  'webhook-timestamp': String(timestamp),
  'webhook-signature': keys.map((key) => `v1,${hmac(key, `${id}.${timestamp}.${body}`)}`).join(' '),
});

const hmac = (key: string, content: string): string =>
  createHmac('sha256', Buffer.from(key.replace(/^whsec_/, ''), 'base64'))
    .update(content)
    .digest('base64');
