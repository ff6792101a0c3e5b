import { checkServerIdentity, getCACertificates, type ConnectionOptions } from 'node:tls';
import type { DatabaseTarget, TlsMode } from '../../../../src/contracts/sandbox.ts';

/** A database on a PostgreSQL server. */
export type PostgresTarget = Extract<DatabaseTarget, { readonly engine: 'postgres' }>;

/** Node brings certificates of its own and leaves the machine's out, which is where a company's own signer is. */
const systemCertificates = (): string[] => [...getCACertificates('default'), ...getCACertificates('system')];

/** Whether a mode looks at the server's certificate. */
export const checksCertificate = (mode: TlsMode): boolean => mode === 'verify-ca' || mode === 'verify-full';

/** What a TLS socket is made with; `undefined` for none at all. */
export const tlsOptions = ({ tls, ca, host }: PostgresTarget): ConnectionOptions | undefined => {
  if (tls === 'disable') return undefined;
  // `ca` is no part of `prefer` and `require`: they take any certificate, so that a wrong one is no reason to fail.
  if (!checksCertificate(tls)) return { rejectUnauthorized: false };
  return {
    rejectUnauthorized: true,
    ca: ca === undefined ? systemCertificates() : [ca],
    // The host as the connection names it: Node would compare an IP address with the name "localhost".
    checkServerIdentity: (_, certificate) =>
      tls === 'verify-full' ? checkServerIdentity(host, certificate) : undefined,
  };
};
