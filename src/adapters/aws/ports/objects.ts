import * as z from 'zod';
import { s3Client } from '../clients/s3-client.ts';
import { s3ObjectStore } from '../s3-object-store.ts';
import { awsPort, text } from './aws-port.ts';

/** Reports, evidence and conversations, in the bucket of the deployment. */
export const objects = awsPort(z.object({ BUCKET_NAME: text }), ({ BUCKET_NAME }) =>
  s3ObjectStore({ client: s3Client(), bucket: BUCKET_NAME }),
);
