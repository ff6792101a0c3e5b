import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { clientLimits } from './client-limits.ts';
import { once } from './once.ts';

/** The client of Secrets Manager, one for all ports of a function. */
export const secretsManagerClient = once(() => new SecretsManagerClient(clientLimits));
