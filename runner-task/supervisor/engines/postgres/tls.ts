import { checkServerIdentity, type ConnectionOptions } from 'node:tls';
import type { TargetOf } from '../../../../src/contracts/sandbox.ts';
import { signerCheck } from '../server/certificates.ts';

/** What a TLS socket is made with; `undefined` for none at all. */
export const tlsOptions = (target: TargetOf<'postgres'>): ConnectionOptions | undefined => {
  const signer = signerCheck(target);
  if (signer === undefined) return undefined;
  return {
    ...signer,
    // The host as the connection names it: Node would compare an IP address with the name "localhost".
    checkServerIdentity: (_, certificate) =>
      target.tls === 'verify-full' ? checkServerIdentity(target.host, certificate) : undefined,
  };
};
