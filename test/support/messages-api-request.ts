import type { IncomingMessage } from 'node:http';

/** One request that the service received. */
export type ReceivedRequest = {
  readonly headers: IncomingMessage['headers'];
  readonly body: ReceivedBody;
  /** The tokens that were charged; absent where the request was refused. */
  readonly usage?: CountedUsage;
};
/** What a request is charged for, as the API reports it. */
export type CountedUsage = {
  readonly input_tokens: number;
  readonly cache_read_input_tokens: number;
  readonly cache_creation_input_tokens: number;
};
/** A block of content as it was sent. */
export type ReceivedBlock = Readonly<Record<string, unknown>> & {
  readonly type: string;
  readonly cache_control?: unknown;
};
/** A request's body. */
export type ReceivedBody = Readonly<Record<string, unknown>> & {
  readonly model: string;
  readonly max_tokens: number;
  readonly system: readonly ReceivedBlock[];
  readonly tools: readonly (Readonly<Record<string, unknown>> & { readonly name: string })[];
  readonly messages: readonly { readonly role: 'user' | 'assistant'; readonly content: readonly ReceivedBlock[] }[];
};
