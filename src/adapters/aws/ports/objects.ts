import * as z from 'zod';
import { systemClock } from '../../system-clock.ts';
import { s3Client } from '../clients/s3-client.ts';
import { s3ObjectStore } from '../s3-object-store.ts';
import { awsPort, text } from './aws-port.ts';

/** Reports, evidence and conversations, in the bucket of the deployment. */
export const objects = awsPort(
  z.object({ BUCKET_NAME: text, AWS_ENDPOINT_URL_S3: text.optional(), AWS_ENDPOINT_URL: text.optional() }),
  (settings) =>
    s3ObjectStore({
      client: s3Client(),
      bucket: settings.BUCKET_NAME,
      clock: systemClock(),
      // As the client of S3 finds it.
      origin: settings.AWS_ENDPOINT_URL_S3 ?? settings.AWS_ENDPOINT_URL,
    }),
);
