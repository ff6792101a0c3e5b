import { lookUp } from '../../src/contracts/look-up.ts';
/** Codes of Node and OpenSSL for why a connection came to nothing, and what can be done about each. */
const reasons: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name is not known. Check the address: it is the output ApiUrl of the stack.',
  EAI_AGAIN: 'its name could not be looked up. Check the network and its name server.',
  ECONNREFUSED: 'nobody listens there. Check the address and its port.',
  ECONNRESET: 'it broke the connection off. Check the address, and what stands between: a proxy, a firewall.',
  UND_ERR_SOCKET: 'it broke the connection off. Check the address, and what stands between: a proxy, a firewall.',
  ETIMEDOUT: 'it does not answer. Check the address, and whether this network lets you out.',
  UND_ERR_CONNECT_TIMEOUT: 'it does not answer. Check the address, and whether this network lets you out.',
  UND_ERR_HEADERS_TIMEOUT: 'it took the request and did not answer it.',
  ENETUNREACH: 'no network leads there.',
  EHOSTUNREACH: 'no network leads there.',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS at this port. Check whether the address begins with http://.',
  EPROTO: 'it does not speak TLS as this machine does. Check the address and its port.',
  CERT_HAS_EXPIRED: 'its certificate has expired. Whoever runs it has to renew that.',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet. Check the clock of this machine.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name. Use the name that the certificate has.',
};

const untrusted =
  'its certificate was signed by nobody whom this machine trusts. If it is of an authority of yours, set NODE_EXTRA_CA_CERTS to a file with the certificate of that authority (PEM).';

/** What OpenSSL says where a chain of certificates does not end at somebody who is trusted. */
const untrustedCodes: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** The codes of an error and of all that caused it: `fetch` says no more than that it failed. */
const codesOf = (thrown: unknown): readonly string[] => {
  if (!(thrown instanceof Error)) return [];
  const own = 'code' in thrown && typeof thrown.code === 'string' ? [thrown.code] : [];
  const tried = thrown instanceof AggregateError ? thrown.errors.flatMap(codesOf) : [];
  return [...own, ...tried, ...codesOf(thrown.cause)];
};

/** What the first cause of an error says. */
const rootOf = (thrown: unknown): string => {
  if (!(thrown instanceof Error)) return String(thrown);
  return thrown.cause === undefined ? thrown.message : rootOf(thrown.cause);
};

/** Why `fetch` reached nobody, and what to do about it, as the end of a sentence. */
export const unreachableReason = (thrown: unknown): string => {
  const codes = codesOf(thrown);
  if (codes.some((code) => untrustedCodes.has(code))) return untrusted;
  const known = codes.find((code) => code in reasons);
  return (
    (known === undefined ? undefined : lookUp(reasons, known)) ?? `${codes[0] ?? rootOf(thrown)}. Check the address.`
  );
};
