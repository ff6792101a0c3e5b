import * as z from 'zod';
import { Timestamp } from './common.ts';

/** The one name in every certificate of a sandbox. No name is looked up: a sandbox is reached by its address. */
export const sandboxServerName = 'sandbox.surveyor.internal';

/** What the supervisors of a deployment encrypt with; all of them have the same. `key` is a secret. */
export const SandboxCertificate = z.strictObject({
  key: z.string().startsWith('-----BEGIN PRIVATE KEY-----').describe('PKCS #8, PEM'),
  certificate: z.string().startsWith('-----BEGIN CERTIFICATE-----').describe('X.509, PEM'),
});
export type SandboxCertificate = z.infer<typeof SandboxCertificate>;

/** A certificate that clients trust, as the deployment's list has it: the newest first, and those before. */
export const ListedCertificate = z.strictObject({
  certificate: z.string(),
  listed_at: Timestamp,
  lapses_at: Timestamp,
});
export type ListedCertificate = z.infer<typeof ListedCertificate>;
