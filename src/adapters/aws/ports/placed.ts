import * as z from 'zod';
import type { ObjectPlace } from '../../../contracts/object-places.ts';
import type { ObjectStore } from '../../../ports/object-store.ts';
import { objectsOf } from '../../object-ports.ts';
import { systemClock } from '../../system-clock.ts';
import { s3Client } from '../clients/s3-client.ts';
import { s3ObjectStore } from '../s3-object-store.ts';
import { type AwsPort, awsPort, text } from './aws-port.ts';

const settings = z.object({
  BUCKET_NAME: text,
  AWS_ENDPOINT_URL_S3: text.optional(),
  AWS_ENDPOINT_URL: text.optional(),
});

/** A place in the bucket of the deployment. */
export const placed = (place: ObjectPlace): AwsPort<Pick<ObjectStore, 'get' | 'link' | 'put' | 'putNew'>> =>
  awsPort(settings, ({ BUCKET_NAME, AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL }) =>
    objectsOf(
      place,
      s3ObjectStore({
        client: s3Client(),
        bucket: BUCKET_NAME,
        clock: systemClock(),
        // As the client of S3 finds it.
        origin: AWS_ENDPOINT_URL_S3 ?? AWS_ENDPOINT_URL,
      }),
    ),
  );
