/** What keeps a request from leaving: nothing listens, no way leads there, the name is unknown, the certificate is not right. */
const beforeSending =
  /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|E(HOST|NET)UNREACH|EADDRNOTAVAIL|EACCES|UND_ERR_CONNECT_TIMEOUT|ERR_(TLS|SSL)_\w+|ERR_INVALID_\w+|DEPTH_ZERO_\w+|SELF_SIGNED_\w+|UNABLE_TO_\w+|CERT_\w+|HOSTNAME_MISMATCH)$/;

/** Whether a request certainly never reached the service, so that nobody can be billed for it. */
export const wasNeverSent = (thrown: unknown): boolean => {
  if (!(thrown instanceof Error)) return false;
  const code = 'code' in thrown ? String(thrown.code) : '';
  return beforeSending.test(code) || wasNeverSent(thrown.cause);
};
