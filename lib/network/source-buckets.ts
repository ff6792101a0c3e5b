import type { Node } from 'constructs';
import { contextList, wrongContext } from '../context.ts';

const bucketName = /^(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9](?:[a-z0-9-]|\.(?!\.)){1,61}[a-z0-9]$/;

/** The buckets whose files may be surveyed (`sourceBuckets=one,another`): in this region, where the gateway endpoint leads. */
export const sourceBuckets = (node: Node): readonly string[] => {
  const buckets = contextList(node, 'sourceBuckets').map((bucket) =>
    bucketName.test(bucket)
      ? bucket
      : wrongContext('sourceBuckets', bucket, 'the name of a bucket, without s3:// and without a prefix'),
  );
  return [...new Set(buckets)];
};
