import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { SandboxCertificate } from '../../contracts/sandbox-certificate.ts';
import type { SandboxCertificates } from '../../ports/sandbox-certificates.ts';
import { awsFailure, isNamed } from './aws-failure.ts';
import { createSandboxCertificate } from './create-sandbox-certificate.ts';
import type { TrustedCertificates } from './trusted-certificates.ts';

/** The certificates of a deployment: key and certificate in one secret, from which tasks get them, the list in the run table. */
export const sandboxCertificates = (own: {
  readonly secrets: SecretsManagerClient;
  /** The secret’s ARN or name; the stack makes it, empty. */
  readonly secret: string;
  readonly list: TrustedCertificates;
}): SandboxCertificates => {
  const { secrets, secret, list } = own;
  const store = 'The secret of the sandboxes’ certificate';
  return {
    trusted: () => list.read(),
    trust: (before, now) => list.replace(before, now),

    async served() {
      try {
        const { SecretString = '' } = await secrets.send(new GetSecretValueCommand({ SecretId: secret }));
        return SandboxCertificate.parse(JSON.parse(SecretString));
      } catch (thrown) {
        // It has no value yet, or one that no task could start with: then there is none, and one is made.
        if (isNamed(thrown, 'ResourceNotFoundException', 'SyntaxError', 'ZodError')) return undefined;
        throw awsFailure(store, thrown);
      }
    },

    async serve(certificate) {
      await secrets
        .send(new PutSecretValueCommand({ SecretId: secret, SecretString: JSON.stringify(certificate) }))
        .catch((thrown: unknown) => {
          throw awsFailure(store, thrown);
        });
    },

    create: createSandboxCertificate,
  };
};
