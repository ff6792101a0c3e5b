import { S3Client } from '@aws-sdk/client-s3';
import { clientLimits } from './client-limits.ts';
import { once } from './once.ts';

/** The client of S3, one for all ports of a function. */
export const s3Client = once(() => new S3Client(clientLimits));
