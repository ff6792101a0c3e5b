import * as z from 'zod';
import { analystModel } from '../../analyst-model.ts';
import { secretsManagerClient } from '../clients/secrets-manager-client.ts';
import { modelWithSecretKey } from '../model-with-secret-key.ts';
import { awsPort, text } from './aws-port.ts';

/** Who writes the reports: a model, where the deployment has a key for one, else the deterministic analyst. */
export const model = awsPort(z.object({ MODEL_KEY_SECRET: text.optional() }), ({ MODEL_KEY_SECRET }) =>
  MODEL_KEY_SECRET === undefined
    ? analystModel()
    : modelWithSecretKey({ client: secretsManagerClient(), secret: MODEL_KEY_SECRET }),
);
