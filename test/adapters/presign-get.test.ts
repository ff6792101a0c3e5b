import { expect, it } from 'vitest';
import { presignGet } from '../../src/adapters/presign-get.ts';

const credential = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};
const example = {
  origin: 'https://examplebucket.s3.amazonaws.com',
  path: '/test.txt',
  region: 'us-east-1',
  credential,
  now: new Date('2013-05-24T00:00:00Z'),
  seconds: 86_400,
};

it('signs the example of S3’s reference as it stands there', () => {
  expect(presignGet(example)).toBe(
    'https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
  );
});

it('signs the token of a role, and encodes a key that has marks of its own', () => {
  const url = presignGet({
    ...example,
    path: '/bucket/a b/größe(1)?#&+.csv',
    credential: { ...credential, sessionToken: 'a/token+=' },
  });
  expect(url).toContain('/bucket/a%20b/gr%C3%B6%C3%9Fe%281%29%3F%23%26%2B.csv?X-Amz-Algorithm');
  expect(url).toContain('&X-Amz-Security-Token=a%2Ftoken%2B%3D&X-Amz-SignedHeaders=host&');
  expect(new URL(url).pathname).toBe('/bucket/a%20b/gr%C3%B6%C3%9Fe%281%29%3F%23%26%2B.csv');
});
