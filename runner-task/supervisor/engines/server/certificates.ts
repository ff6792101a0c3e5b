import { getCACertificates } from 'node:tls';
import type { ServerTarget, TlsMode } from '../../../../src/contracts/sandbox.ts';

/** Node brings certificates of its own and leaves the machine's out, which is where a company's own signer is. */
const systemCertificates = (): string[] => [...getCACertificates('default'), ...getCACertificates('system')];

/** Whether a mode looks at the server's certificate. */
export const checksCertificate = (mode: TlsMode): boolean => mode === 'verify-ca' || mode === 'verify-full';

/** How a TLS socket checks who signed the server's certificate; undefined for no TLS at all. */
export const signerCheck = ({
  tls,
  ca,
}: Pick<ServerTarget, 'tls' | 'ca'>): { rejectUnauthorized: boolean; ca?: string[] } | undefined => {
  if (tls === 'disable') return undefined;
  // `ca` is no part of `prefer` and `require`: they take any certificate, so that a wrong one is no reason to fail.
  if (!checksCertificate(tls)) return { rejectUnauthorized: false };
  return { rejectUnauthorized: true, ca: ca === undefined ? systemCertificates() : [ca] };
};
