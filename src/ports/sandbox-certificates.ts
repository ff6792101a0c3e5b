import type { ListedCertificate, SandboxCertificate } from '../contracts/sandbox-certificate.ts';

/** What the sandboxes of a deployment show, and what their clients trust. */
export type SandboxCertificates = {
  /** What clients trust, the newest first. */
  trusted(): Promise<readonly ListedCertificate[]>;
  /** Replaces that list, if it is still the one that was read; says whether it was. */
  trust(before: readonly ListedCertificate[], now: readonly ListedCertificate[]): Promise<boolean>;
  /** What tasks are started with from now on; none before the first time. */
  served(): Promise<SandboxCertificate | undefined>;
  serve(certificate: SandboxCertificate): Promise<void>;
  /** A new key and its certificate, signed by itself. */
  create(validity: { readonly from: Date; readonly to: Date }): Promise<SandboxCertificate>;
};
