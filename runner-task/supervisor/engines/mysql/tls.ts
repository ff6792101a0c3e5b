import { getCACertificates } from 'node:tls';
import type { SslOptions } from 'mysql2';
import type { DatabaseTarget, TlsMode } from '../../../../src/contracts/sandbox.ts';

/** A database on a MySQL or MariaDB server. */
export type MysqlTarget = Extract<DatabaseTarget, { readonly engine: 'mysql' }>;

/** Node brings certificates of its own and leaves the machine's out, which is where a company's own signer is. */
const systemCertificates = (): string[] => [...getCACertificates('default'), ...getCACertificates('system')];

/** Whether a mode looks at the server's certificate. */
export const checksCertificate = (mode: TlsMode): boolean => mode === 'verify-ca' || mode === 'verify-full';

/** What the driver is told about TLS; `undefined` for none at all. */
export const tlsOptions = ({ tls, ca }: Pick<MysqlTarget, 'tls' | 'ca'>): SslOptions | undefined => {
  if (tls === 'disable') return undefined;
  // `ca` is no part of `prefer` and `require`: they take any certificate, so that a wrong one is no reason to fail.
  if (!checksCertificate(tls)) return { rejectUnauthorized: false };
  return {
    rejectUnauthorized: true,
    verifyIdentity: tls === 'verify-full',
    ca: ca === undefined ? systemCertificates() : [ca],
  };
};
