import { S3Client } from '@aws-sdk/client-s3';
import { presignGet } from '../../src/adapters/presign-get.ts';
import type { PolicyRequest } from './policy.ts';
import { region } from './resolve.ts';

/** Who signs: an id of a key, and the account that it is of. */
export type Signer = { readonly accessKeyId: string; readonly account: string };

const secretAccessKey = 'not-a-secret';

type Sent = {
  readonly method: string;
  readonly hostname: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
};

/** What an endpoint's policy is asked for a signed request to S3, read from what would go over the wire. */
const asked = (sent: Sent, { accessKeyId, account }: Signer): PolicyRequest => {
  const link = new URL(sent.path, 'http://s3').searchParams.get('X-Amz-Credential');
  const signature = link ?? sent.headers['authorization'] ?? '';
  if (!signature.includes(accessKeyId)) throw new Error('The request is not signed by who was to sign it.');
  const [, bucket = ''] = /^(.+)\.s3\.[a-z0-9-]+\.amazonaws\.com$/.exec(sent.hostname) ?? [];
  const key = decodeURIComponent(new URL(sent.path, 'http://s3').pathname).slice(1);
  const actions: Readonly<Record<string, string>> = {
    GET: 's3:GetObject',
    PUT: 's3:PutObject',
    DELETE: 's3:DeleteObject',
  };
  const action = key === '' ? 's3:ListBucket' : (actions[sent.method] ?? '');
  const resource = `arn:aws:s3:::${bucket}${key === '' ? '' : `/${key}`}`;
  return { action, resource, context: { 'aws:PrincipalAccount': [account] } };
};

/** A call of S3 as the SDK signs it and would send it. */
export const signedRequest = async (
  signer: Signer,
  call: (client: S3Client) => Promise<unknown>,
): Promise<PolicyRequest> => {
  let sent: Sent | undefined;
  const client = new S3Client({
    region,
    maxAttempts: 1,
    credentials: { accessKeyId: signer.accessKeyId, secretAccessKey },
    requestHandler: {
      handle: async (request: Sent) => {
        sent = request;
        throw new Error('Nothing is sent.');
      },
    },
  });
  await call(client).catch(() => undefined);
  client.destroy();
  if (sent === undefined) throw new Error('The SDK has sent nothing.');
  return asked(sent, signer);
};

/** A link to an object, signed by whoever hands it out. */
export const signedLink = (signer: Signer, bucket: string, key: string): PolicyRequest => {
  const hostname = `${bucket}.s3.${region}.amazonaws.com`;
  const link = new URL(
    presignGet({
      origin: `https://${hostname}`,
      path: `/${key}`,
      region,
      credential: { accessKeyId: signer.accessKeyId, secretAccessKey },
      now: new Date('2026-01-31T12:00:00.000Z'),
      seconds: 60,
    }),
  );
  return asked({ method: 'GET', hostname, path: `${link.pathname}${link.search}`, headers: {} }, signer);
};
