import * as z from 'zod';
import { Failure } from '../../../contracts/failure.ts';
import type { SourceObjects } from '../../../ports/source-objects.ts';
import { s3SourceObjects } from '../../s3-source-objects.ts';
import { systemClock } from '../../system-clock.ts';
import { s3Client } from '../clients/s3-client.ts';
import { awsPort, text } from './aws-port.ts';

const settings = z.object({ SOURCE_BUCKETS: z.string().default(''), AWS_ENDPOINT_URL_S3: text.optional() });

/** Data files in the buckets that the deployment names: role and network reach no other. */
export const sourceObjects = awsPort(settings, ({ SOURCE_BUCKETS, AWS_ENDPOINT_URL_S3 }): SourceObjects => {
  const buckets = SOURCE_BUCKETS.split(',');
  const objects = s3SourceObjects({
    client: s3Client(),
    clock: systemClock(),
    origin: AWS_ENDPOINT_URL_S3,
    otherRegions: false,
  });
  return {
    async list(bucket, prefix) {
      if (buckets.includes(bucket)) return objects.list(bucket, prefix);
      throw new Failure('DATABASE_UNREACHABLE', `The bucket "${bucket}" is none that this deployment may read.`, {
        where: `s3://${bucket}`,
        advice: { kind: 'open_egress', setting: 'sourceBuckets', value: bucket },
      });
    },
  };
});
