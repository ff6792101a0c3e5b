import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { ObjectStore } from '../../ports/object-store.ts';
import type { Clock } from '../../ports/clock.ts';
import { objectKey, objectKeyPrefix } from '../object-key.ts';
import { presignGet } from '../presign-get.ts';
import { originOf } from '../s3-links.ts';
import { awsFailure, isNamed } from './aws-failure.ts';

/** A link is followed at once; the download that it began may last longer. */
const linkSeconds = 120;

/** Objects in one bucket, `{tenant}/{key}`. A put of S3 is whole or not at all by itself. */
export const s3ObjectStore = (place: {
  readonly client: S3Client;
  readonly bucket: string;
  readonly clock: Pick<Clock, 'now'>;
  /** Where S3 is, unless it is where AWS has it. */
  readonly origin?: string | undefined;
}): ObjectStore => {
  const { client, bucket: Bucket, clock } = place;
  const store = `The bucket ${Bucket}`;
  return {
    async put(tenant, key, body, contentType) {
      const Key = objectKey(tenant, key);
      // The client takes an empty text for a stream of unknown length.
      const Body = typeof body === 'string' ? Buffer.from(body) : body;
      try {
        await client.send(new PutObjectCommand({ Bucket, Key, Body, ContentType: contentType }));
      } catch (thrown) {
        throw awsFailure(store, thrown);
      }
    },

    async putNew(tenant, key, body, contentType) {
      const Key = objectKey(tenant, key);
      const Body = typeof body === 'string' ? Buffer.from(body) : body;
      const input = { Bucket, Key, Body, ContentType: contentType, IfNoneMatch: '*' };
      try {
        await client.send(new PutObjectCommand(input));
        return true;
      } catch (thrown) {
        // Of two at once the second may be told to try again: the first one counts all the same.
        if (isNamed(thrown, 'PreconditionFailed', 'ConditionalRequestConflict')) return false;
        throw awsFailure(store, thrown);
      }
    },

    async get(tenant, key) {
      const Key = objectKey(tenant, key);
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
        return await Body?.transformToByteArray();
      } catch (thrown) {
        if (isNamed(thrown, 'NoSuchKey')) return undefined;
        throw awsFailure(store, thrown);
      }
    },

    async link(tenant, key, contentType) {
      const path = `/${Bucket}/${objectKey(tenant, key)}`;
      const [region, credential] = await Promise.all([client.config.region(), client.config.credentials()]);
      return presignGet({
        origin: place.origin ?? originOf(region),
        path,
        region,
        credential,
        now: clock.now(),
        seconds: linkSeconds,
        answer: { 'response-cache-control': 'no-store', 'response-content-type': contentType },
      });
    },

    async list(tenant, prefix) {
      const Prefix = objectKeyPrefix(tenant, prefix);
      try {
        const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket, Prefix, MaxKeys: 1_000 }));
        return Contents.map(({ Key = '' }) => Key.slice(tenant.length + 1));
      } catch (thrown) {
        throw awsFailure(store, thrown);
      }
    },
  };
};
