import { createHash, createHmac } from 'node:crypto';

/** A credential of AWS. */
export type SigningCredential = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
};

const algorithm = 'AWS4-HMAC-SHA256';

/** As AWS encodes: all but letters, digits and four marks. */
const encode = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/**
 * A link that reads one path of S3 for some seconds, signed as "Authenticating requests: using query parameters" of S3's
 * reference has it (Signature Version 4). The SDK's own presigner would come into the bundle with a client's weight.
 */
export const presignGet = (object: {
  /** As in `https://s3.eu-central-1.amazonaws.com`. */
  readonly origin: string;
  /** With a slash in front, not encoded. */
  readonly path: string;
  readonly region: string;
  readonly credential: SigningCredential;
  readonly now: Date;
  readonly seconds: number;
  /** Headers that S3 is to answer with, in the order of their names, as in `response-content-type`. */
  readonly answer?: Readonly<Record<`response-${string}`, string>>;
}): string => {
  const { origin, region, credential, seconds } = object;
  const time = object.now.toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
  const scope = `${time.slice(0, 8)}/${region}/s3/aws4_request`;
  const path = object.path.split('/').map(encode).join('/');
  const query = Object.entries({
    'X-Amz-Algorithm': algorithm,
    'X-Amz-Credential': `${credential.accessKeyId}/${scope}`,
    'X-Amz-Date': time,
    'X-Amz-Expires': String(seconds),
    ...(credential.sessionToken === undefined ? {} : { 'X-Amz-Security-Token': credential.sessionToken }),
    'X-Amz-SignedHeaders': 'host',
    ...object.answer,
  })
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .join('&');
  const canonical = ['GET', path, query, `host:${new URL(origin).host}`, '', 'host', 'UNSIGNED-PAYLOAD'].join('\n');
  const toSign = [algorithm, time, scope, createHash('sha256').update(canonical).digest('hex')].join('\n');
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${credential.secretAccessKey}`);
  return `${origin}${path}?${query}&X-Amz-Signature=${hmac(key, toSign).toString('hex')}`;
};
