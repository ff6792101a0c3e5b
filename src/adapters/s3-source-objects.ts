import { HeadBucketCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { Failure } from '../contracts/failure.ts';
import { chooseObjects, type ListedObject } from '../domain/connection/choose-objects.ts';
import type { ListedObjects, SourceObjects } from '../ports/source-objects.ts';
import { linkObjects } from './s3-links.ts';
import type { S3Place } from './s3-place.ts';

/** Keys that are looked at: a bucket with more of them beneath a prefix is hardly a folder of tables. */
const maxKeys = 20_000;

/** What is made of an error that S3 answers with; S3 tells of what may not be listed no more than that. */
const failureOf = (bucket: string, thrown: unknown): Failure => {
  if (thrown instanceof Failure) return thrown;
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const where = `s3://${bucket}`;
  const more = { where, cause: thrown };
  switch (error.name) {
    case 'NotFound':
    case 'NoSuchBucket':
      return new Failure('DATABASE_UNREACHABLE', `There is no bucket "${bucket}". Check how it is written.`, more);
    case 'Forbidden':
    case 'AccessDenied':
    case '403':
      return new Failure(
        'DATABASE_REFUSED',
        `The bucket "${bucket}" does not let us list it. Allow s3:ListBucket on it and s3:GetObject on its objects, in the bucket's policy too where it is of another account.`,
        more,
      );
    case 'CredentialsProviderError':
      return new Failure(
        'DATABASE_REFUSED',
        'There are no AWS credentials to read the bucket with. Give them as for the AWS command line (AWS_PROFILE, AWS_ACCESS_KEY_ID, a role), and start Surveyor again.',
        more,
      );
    default:
      return new Failure(
        'DATABASE_UNREACHABLE',
        `The bucket "${bucket}" could not be listed: ${error.message} (${error.name}).`,
        more,
      );
  }
};

const listAll = async (client: S3Client, bucket: string, prefix: string): Promise<readonly ListedObject[]> => {
  const listed: ListedObject[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, Delimiter: '/', ContinuationToken: token }),
    );
    listed.push(...(page.Contents ?? []).map(({ Key = '', Size = 0 }) => ({ key: Key, bytes: Size })));
    token = page.NextContinuationToken;
    if (listed.length > maxKeys)
      throw new Failure(
        'DATABASE_UNREACHABLE',
        `More than ${maxKeys} objects lie right beneath s3://${bucket}/${prefix}. Name a longer prefix.`,
      );
  } while (token !== undefined);
  return listed;
};

/** Lists data files with a client's credential, and makes a link to each. */
export const s3SourceObjects = (
  /** Buckets of other regions are not reached from within a network whose endpoint leads to one. */
  place: S3Place & { readonly otherRegions: boolean },
): SourceObjects => ({
  async list(bucket, prefix): Promise<ListedObjects> {
    const { client } = place;
    try {
      const own = await client.config.region();
      const { BucketRegion: region = own } = await client.send(new HeadBucketCommand({ Bucket: bucket }));
      if (region !== own && !place.otherRegions)
        throw new Failure(
          'DATABASE_UNREACHABLE',
          `The bucket "${bucket}" lies in ${region}, and sandboxes here reach buckets of ${own} alone. Copy the files into a bucket there.`,
          { where: `s3://${bucket}` },
        );
      const beneath = await listAll(client, bucket, prefix === '' ? '' : `${prefix}/`);
      // A prefix may be the key of one file, as a path may be that of one.
      const listed = beneath.length === 0 && prefix !== '' ? await listAll(client, bucket, prefix) : beneath;
      const { chosen, left_out } = chooseObjects({ bucket, prefix }, listed);
      return { objects: await linkObjects(place, { bucket, region }, chosen), left_out };
    } catch (thrown) {
      throw failureOf(bucket, thrown);
    }
  },
});
