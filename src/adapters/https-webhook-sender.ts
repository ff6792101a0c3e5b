import { lookup } from 'node:dns/promises';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { isIP } from 'node:net';
import type { SendResult } from '../contracts/delivery.ts';
import { Failure } from '../contracts/failure.ts';
import type { WebhookPost, WebhookSender } from '../ports/webhook-sender.ts';
import { type AddressGuard, addressGuard } from './address-guard.ts';
import { guardedLookup, type Resolve } from './guarded-lookup.ts';
import { wholeMilliseconds } from '../contracts/whole-milliseconds.ts';

/** What the sender is made of. */
export type HttpsWebhookSenderOptions = {
  /** Networks that may be sent to beside the open internet: none, unless the operator names some. */
  readonly networks: readonly string[];
  readonly resolve?: Resolve;
  readonly milliseconds?: number;
};

/** From the question for the address to the end of the answer. */
const maxMilliseconds = 10_000;

/** So much of an answer is waited for. Nothing of it is kept. */
const maxAnswerBytes = 65_536;

/**
 * Sends over HTTPS alone, to checked addresses alone, without a proxy. A redirect is not followed: a signed message goes where its
 * receiver was registered, and nowhere else.
 */
export const httpsWebhookSender = ({
  networks,
  resolve = lookup,
  milliseconds = maxMilliseconds,
}: HttpsWebhookSenderOptions): WebhookSender => {
  const guard = addressGuard(networks);
  const lookupChecked = guardedLookup(guard, resolve);
  return {
    refusal: (url) => urlRefusal(new URL(url), guard),
    async post(message) {
      // What was stored may be older than a rule.
      const reason = urlRefusal(new URL(message.url), guard);
      if (reason !== undefined) return { outcome: 'refused', reason };
      // An agent of its own: no connection, no TLS session and no setting of a proxy is shared with anybody.
      const agent = new Agent({ keepAlive: false, maxCachedSessions: 0 });
      const signal = AbortSignal.timeout(wholeMilliseconds(milliseconds));
      try {
        return resultOf(await statusOf(message, { agent, signal, lookup: lookupChecked }));
      } catch (thrown) {
        if (thrown instanceof Failure) return { outcome: 'refused', reason: thrown.message.slice(0, 500) };
        const unreachable = signal.aborted ? `No answer within ${milliseconds / 1000} seconds.` : reasonOf(thrown);
        return { outcome: 'unreachable', reason: unreachable };
      } finally {
        agent.destroy();
      }
    },
  };
};

/** Node looks up no name that is an address already, so these are checked here. */
const urlRefusal = ({ protocol, hostname }: URL, guard: AddressGuard): string | undefined => {
  if (protocol !== 'https:') return 'Messages are sent over https alone.';
  const host = hostname.replace(/^\[|\]$/g, '');
  const reason = isIP(host) === 0 ? undefined : guard(host);
  return reason === undefined ? undefined : `${reason}.`;
};

const resultOf = (status: number): SendResult => {
  if (status >= 200 && status < 300) return { outcome: 'accepted', status };
  return status >= 300 && status < 400
    ? { outcome: 'answered', status, reason: 'A redirect, which is not followed: change the URL to where it leads.' }
    : { outcome: 'answered', status };
};

type Connecting = {
  readonly agent: Agent;
  readonly signal: AbortSignal;
  readonly lookup: ReturnType<typeof guardedLookup>;
};

const statusOf = async ({ url, headers, body }: WebhookPost, connecting: Connecting): Promise<number> =>
  new Promise((resolve, reject) => {
    // Once the status is there it counts, even if the rest breaks off or takes too long.
    let status: number | undefined;
    const end = (thrown: unknown): void => (status === undefined ? reject(thrown) : resolve(status));
    const sent = request(
      url,
      {
        method: 'POST',
        headers: { ...headers, 'content-length': Buffer.byteLength(body), 'user-agent': 'Surveyor-Webhook/1' },
        ...connecting,
      },
      (answer) => {
        status = answer.statusCode;
        drain(answer, end);
      },
    );
    sent.on('error', end);
    sent.end(body);
  });

/** Reads an answer to its end, or to where it is too long or breaks off. */
const drain = (answer: IncomingMessage, done: (thrown?: unknown) => void): void => {
  let bytes = 0;
  answer.on('data', (chunk: Buffer) => {
    bytes += chunk.byteLength;
    if (bytes > maxAnswerBytes) answer.destroy();
  });
  answer.on('error', done);
  answer.on('close', done);
};

/** Of an error of Node its code: a message could carry what the other side sent. */
const reasonOf = (thrown: unknown): string => {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown';
  return `The receiver could not be reached (${code}).`;
};
