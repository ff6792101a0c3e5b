import type { S3Client } from '@aws-sdk/client-s3';
import type { Clock } from '../ports/clock.ts';

/** How buckets are reached. */
export type S3Place = {
  readonly client: S3Client;
  readonly clock: Pick<Clock, 'now'>;
  /** Where S3 is, unless it is where AWS has it. */
  readonly origin?: string | undefined;
};
