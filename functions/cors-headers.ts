import { crossOrigin } from '../src/contracts/cross-origin.ts';

type Headers = Readonly<Record<string, string>>;

/**
 * The headers that let pages of other origins read an answer: of the origins that are allowed, the one that asks. Without
 * one, nothing is said and a browser keeps the answer to itself.
 */
export const corsHeaders = (allowed: readonly string[], origin: string | undefined): Headers => {
  if (allowed.length === 0) return {};
  // A cache must not give one origin's answer to another.
  const vary = { vary: 'origin' };
  if (origin === undefined || !allowed.includes(origin)) return vary;
  return {
    ...vary,
    'access-control-allow-origin': origin,
    'access-control-expose-headers': crossOrigin.shown.join(', '),
  };
};

/** The answer to a browser that asks, before a request, whether it may send it. */
export const preflightHeaders = (allowed: readonly string[], origin: string | undefined): Headers => {
  const headers = corsHeaders(allowed, origin);
  if (headers['access-control-allow-origin'] === undefined) return headers;
  return {
    ...headers,
    'access-control-allow-methods': crossOrigin.methods.join(', '),
    'access-control-allow-headers': crossOrigin.sent.join(', '),
    'access-control-max-age': String(crossOrigin.remembered),
  };
};
