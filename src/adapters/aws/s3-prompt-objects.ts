import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { PromptStore } from '../../ports/prompt-store.ts';
import { promptObjects } from '../prompt-objects.ts';
import { awsFailure, isNamed } from './aws-failure.ts';

/** Prompts in the bucket of the deployment. */
export const s3PromptObjects = (client: S3Client, bucket: string): PromptStore => {
  const failing = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (thrown) {
      throw awsFailure(`The bucket ${bucket}`, thrown);
    }
  };
  const input = (Key: string, text: string) => ({
    Bucket: bucket,
    Key,
    Body: Buffer.from(text),
    ContentType: 'application/json',
  });
  return promptObjects({
    get: (Key) =>
      failing(async () => {
        try {
          const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
          return await Body?.transformToString();
        } catch (thrown) {
          if (isNamed(thrown, 'NoSuchKey')) return undefined;
          throw thrown;
        }
      }),
    put: (key, text) => failing(async () => void (await client.send(new PutObjectCommand(input(key, text))))),
    putNew: (key, text) =>
      failing(async () => {
        try {
          await client.send(new PutObjectCommand({ ...input(key, text), IfNoneMatch: '*' }));
        } catch (thrown) {
          // It is there, or comes to be there at this moment: all that is put under the key is the same.
          if (!isNamed(thrown, 'PreconditionFailed', 'ConditionalRequestConflict')) throw thrown;
        }
      }),
    remove: (Key) =>
      failing(async () => {
        try {
          await client.send(new HeadObjectCommand({ Bucket: bucket, Key }));
        } catch (thrown) {
          if (isNamed(thrown, 'NotFound', 'NoSuchKey')) return false;
          throw thrown;
        }
        await client.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
        return true;
      }),
    list: (Prefix) =>
      failing(async () => {
        const keys: string[] = [];
        for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix }))
          keys.push(...Contents.map(({ Key = '' }) => Key));
        return keys;
      }),
  });
};
