// x509 asks for this before it is loaded itself.
import 'reflect-metadata';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { type SandboxCertificate, sandboxServerName } from '../../contracts/sandbox-certificate.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** Clocks of tasks and functions may differ by so much. */
const clockMilliseconds = 5 * 60_000;

/**
 * A new key on P-256 and its certificate, signed by itself. It is no authority: who holds the key can show this certificate
 * and make no other that is trusted.
 */
export const createSandboxCertificate = async (validity: {
  readonly from: Date;
  readonly to: Date;
}): Promise<SandboxCertificate> => {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${sandboxServerName}`,
    notBefore: new Date(validity.from.getTime() - clockMilliseconds),
    notAfter: validity.to,
    signingAlgorithm: algorithm,
    keys,
    // The two identifiers tell certificates apart that have one name: OpenSSL looks at the first of the name alone otherwise.
    extensions: [
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(keys.publicKey),
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension([{ type: 'dns', value: sandboxServerName }]),
    ],
  });
  const key = await crypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { key: PemConverter.encode(key, 'PRIVATE KEY'), certificate: certificate.toString('pem') };
};
