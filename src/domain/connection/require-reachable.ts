import { Failure } from '../../contracts/failure.ts';
import type { DatabaseTarget } from '../../contracts/sandbox.ts';

/**
 * Fails with INVALID_REQUEST where a source is a path and sandboxes run on AWS: each is a machine that is made for a run and
 * has no file of the caller's.
 */
export const requireReachable = (
  platform: 'aws' | 'local',
  target: DatabaseTarget,
  where = 'body.db_conn_string',
): void => {
  if (platform === 'local' || !('path' in target)) return;
  const what =
    target.engine === 'files'
      ? 'Put the data files into a bucket, and name it: s3://bucket/prefix.'
      : 'Write its tables into a bucket as CSV or Parquet files, and name that: s3://bucket/prefix.';
  throw new Failure(
    'INVALID_REQUEST',
    `The connection string names a path, and this deployment runs on AWS, where a sandbox has none of your files. ${what} Or survey it with Surveyor on the machine where it is.`,
    { where },
  );
};
