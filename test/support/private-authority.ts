// x509 asks for this before it is loaded itself.
import 'reflect-metadata';
import {
  BasicConstraintsExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const hour = 3_600_000;

/** A key and its certificate as a server of Node takes them. */
export type ServerIdentity = { readonly key: string; readonly cert: string };

/** An authority that no machine trusts by itself. */
export type PrivateAuthority = {
  /** Its certificate as PEM. */
  readonly certificate: string;
  /** A certificate for 127.0.0.1, or for other names, or one that ended some hours ago. */
  issue(wanted?: { readonly name?: string; readonly hours?: number }): Promise<ServerIdentity>;
};

/** Makes an authority with a new key. */
export const createPrivateAuthority = async (): Promise<PrivateAuthority> => {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const name = 'CN=An authority of our own';
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name,
    notBefore: new Date(Date.now() - 48 * hour),
    notAfter: new Date(Date.now() + 48 * hour),
    signingAlgorithm: algorithm,
    keys,
    extensions: [new BasicConstraintsExtension(true, undefined, true)],
  });
  return {
    certificate: certificate.toString('pem'),
    issue: async ({ name: subject, hours = 1 } = {}) => {
      const own = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
      const issued = await X509CertificateGenerator.create({
        issuer: name,
        subject: `CN=${subject ?? '127.0.0.1'}`,
        notBefore: new Date(Date.now() - 24 * hour),
        notAfter: new Date(Date.now() + hours * hour),
        signingAlgorithm: algorithm,
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
        extensions: [
          new SubjectAlternativeNameExtension([
            subject === undefined ? { type: 'ip', value: '127.0.0.1' } : { type: 'dns', value: subject },
          ]),
        ],
      });
      const key = await crypto.subtle.exportKey('pkcs8', own.privateKey);
      return { key: PemConverter.encode(key, 'PRIVATE KEY'), cert: issued.toString('pem') };
    },
  };
};
