import type { Clock } from '../../ports/clock.ts';
import type { SourceObjects } from '../../ports/source-objects.ts';

/**
 * Data files in buckets that the service's own AWS credentials can read, found as the AWS command line finds them. The
 * client is loaded with the first bucket: most services never see one. The credentials stay in this process; a sandbox gets
 * links.
 */
export const localSourceObjects = (options: {
  readonly clock: Pick<Clock, 'now'>;
  readonly origin?: string | undefined;
}): SourceObjects => {
  const load = async (): Promise<SourceObjects> => {
    const [{ S3Client }, { s3SourceObjects }] = await Promise.all([
      import('@aws-sdk/client-s3'),
      import('../s3-source-objects.ts'),
    ]);
    const client = new S3Client({
      followRegionRedirects: true,
      // Where a profile names no region: any will do to ask in which one a bucket lies.
      region: process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'] ?? 'us-east-1',
      ...(options.origin === undefined ? {} : { endpoint: options.origin, forcePathStyle: true }),
    });
    return s3SourceObjects({ client, clock: options.clock, origin: options.origin, otherRegions: true });
  };
  let loaded: Promise<SourceObjects> | undefined;
  return { list: async (bucket, prefix) => (await (loaded ??= load())).list(bucket, prefix) };
};
