import type { LinkedObject } from '../contracts/sandbox.ts';
import type { ChosenObject } from '../domain/connection/choose-objects.ts';
import { presignGet } from './presign-get.ts';
import type { S3Place } from './s3-place.ts';

/** A link is used at once: the sandbox fetches all objects of a source in 500 s at most. */
const linkSeconds = 600;

/** Where S3 is in a region. */
export const originOf = (region: string): string =>
  `https://s3.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;

/** Objects of a bucket, each with a link that reads it. Buckets stand in the path: in a host name, dots break TLS. */
export const linkObjects = async (
  { client, clock, origin }: S3Place,
  { bucket, region }: { readonly bucket: string; readonly region: string },
  objects: readonly ChosenObject[],
): Promise<readonly LinkedObject[]> => {
  const credential = await client.config.credentials();
  const signed = { origin: origin ?? originOf(region), region, credential, now: clock.now(), seconds: linkSeconds };
  return objects.map(({ key, name, bytes }) => ({
    name,
    bytes,
    url: presignGet({ ...signed, path: `/${bucket}/${key}` }),
  }));
};
