import type { SourceAddress } from './source-address.ts';

const bucketName = /^(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9](?:[a-z0-9-]|\.(?!\.)){1,61}[a-z0-9]$/;

/** Data files in a bucket of S3. A key is any text, so nothing in it is percent-encoded. */
export const objectsAddress: SourceAddress<'objects'> = {
  schemes: ['s3'],
  nicknames: ['s3a', 's3n'],
  endings: [],
  hasCredentials: false,
  parse(rest, invalid) {
    const [bucket = '', ...segments] = rest.split('/');
    if (!bucketName.test(bucket))
      throw invalid('does not name a bucket behind s3://: 3 to 63 lower-case letters, digits, hyphens and dots');
    const prefix = segments.join('/').replace(/\/+$/, '');
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    if (/[\u0000-\u001f\u007f]/.test(prefix)) throw invalid('has a control character in its prefix');
    if (prefix.split('/').some((segment) => segment === '.' || segment === '..'))
      throw invalid('has "." or ".." in its prefix, which no link can lead to; write the prefix out');
    if (prefix.length > 1_024) throw invalid('has a prefix of more than 1,024 characters, and no key is longer');
    return { engine: 'objects', bucket, prefix, objects: [] };
  },
  label: ({ bucket, prefix }) => `s3://${bucket}${prefix === '' ? '' : `/${prefix}`}`,
};
