import * as z from 'zod';
import { dynamoClient } from '../clients/dynamo-client.ts';
import { secretsManagerClient } from '../clients/secrets-manager-client.ts';
import { sandboxCertificates } from '../sandbox-certificates.ts';
import { trustedCertificates } from '../trusted-certificates.ts';
import { awsPort, text } from './aws-port.ts';

/** What the sandboxes of the deployment show, and what their clients trust. */
export const certificates = awsPort(
  z.object({ TABLE_NAME: text, SANDBOX_CERTIFICATE_SECRET: text }),
  ({ TABLE_NAME, SANDBOX_CERTIFICATE_SECRET }) =>
    sandboxCertificates({
      secrets: secretsManagerClient(),
      secret: SANDBOX_CERTIFICATE_SECRET,
      list: trustedCertificates({ client: dynamoClient(), table: TABLE_NAME }),
    }),
);
