import * as z from 'zod';
import { systemClock } from '../../system-clock.ts';
import { s3Client } from '../clients/s3-client.ts';
import { s3DatasetFiles } from '../s3-dataset-files.ts';
import { awsPort, text } from './aws-port.ts';

/** The sample datasets, in the bucket of the deployment. */
export const datasets = awsPort(
  z.object({ BUCKET_NAME: text, AWS_ENDPOINT_URL_S3: text.optional() }),
  ({ BUCKET_NAME, AWS_ENDPOINT_URL_S3 }) =>
    s3DatasetFiles({ client: s3Client(), bucket: BUCKET_NAME, clock: systemClock(), origin: AWS_ENDPOINT_URL_S3 }),
);
