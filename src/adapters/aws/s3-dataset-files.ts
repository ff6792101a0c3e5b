import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { Dataset } from '../../domain/datasets/dataset.ts';
import type { ChosenObject } from '../../domain/connection/choose-objects.ts';
import { findDataset } from '../../domain/datasets/registry.ts';
import type { DatasetFiles } from '../../ports/dataset-files.ts';
import { linkObjects } from '../s3-links.ts';
import type { S3Place } from '../s3-place.ts';
import { awsFailure, isNamed } from './aws-failure.ts';

/** No tenant has a name that begins with a dot. */
const folder = '.datasets';

type Place = S3Place & { readonly bucket: string };

const sizeOf = async ({ client, bucket }: Place, key: string): Promise<number | undefined> => {
  try {
    const { ContentLength = 0 } = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    return ContentLength;
  } catch (thrown) {
    if (isNamed(thrown, 'NotFound', 'NoSuchKey')) return undefined;
    throw thrown;
  }
};

/** Puts what is not there. A key has the hash of what it holds, so what is there is whole and of this version. */
const putMissing = async (place: Place, dataset: Dataset): Promise<readonly ChosenObject[]> => {
  const { client, bucket } = place;
  const objects: ChosenObject[] = [];
  for (const { name, file } of dataset.schema.tables) {
    const key = `${folder}/${dataset.schema.name}/${dataset.sha256(name)}/${file}`;
    let bytes = await sizeOf(place, key);
    if (bytes === undefined) {
      const body = Buffer.from([...dataset.csv(name)].join(''));
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: 'text/csv' }));
      bytes = body.length;
    }
    objects.push({ key, name: file, bytes });
  }
  return objects;
};

/** The sample datasets in the bucket of the deployment, made there when one is first asked for. */
export const s3DatasetFiles = (place: Place): DatasetFiles => ({
  async target(name) {
    const dataset = findDataset(name);
    const { client, bucket } = place;
    try {
      const chosen = await putMissing(place, dataset);
      const region = await client.config.region();
      const objects = await linkObjects(place, { bucket, region }, chosen);
      return { engine: 'objects', bucket, prefix: `${folder}/${name}`, objects };
    } catch (thrown) {
      throw awsFailure(`The bucket ${bucket}`, thrown);
    }
  },
});
