import * as z from 'zod';
import { secretsManagerClient } from '../clients/secrets-manager-client.ts';
import { secretsManagerSecretStore } from '../secrets-manager-secret-store.ts';
import { awsPort, text } from './aws-port.ts';

/** Credentials of tenants. */
export const secrets = awsPort(z.object({ SECRET_PREFIX: text }), ({ SECRET_PREFIX }) =>
  secretsManagerSecretStore({ client: secretsManagerClient(), prefix: SECRET_PREFIX }),
);
