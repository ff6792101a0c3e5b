import { describe, expect, it } from 'vitest';
import { parseConnectionString } from '../../../src/domain/connection/parse-connection-string.ts';
import { requireReachable } from '../../../src/domain/connection/require-reachable.ts';

const check = (platform: 'aws' | 'local', text: string): void =>
  requireReachable(platform, parseConnectionString(text).target, 'body.sources.1.db_conn_string');

describe('a connection string that is a path', () => {
  it.each(['file:///data/exports', '/data/exports', 'duckdb:///data/shop.duckdb', 'sqlite:///data/shop.sqlite'])(
    '%s is refused on AWS, with what to do',
    (text) => {
      expect(() => check('aws', text)).toThrow(
        expect.objectContaining({
          kind: 'INVALID_REQUEST',
          where: 'body.sources.1.db_conn_string',
          message: expect.stringMatching(/runs on AWS.*s3:\/\/bucket\/prefix.*on the machine where it is/),
        }),
      );
      expect(() => check('local', text)).not.toThrow();
    },
  );

  it('is what is refused: servers and buckets are reached from there', () => {
    for (const text of ['postgresql://bob@db/shop', 'mysql://bob@db/shop', 's3://exports/shop'])
      expect(() => check('aws', text)).not.toThrow();
  });
});

describe('s3://', () => {
  it('names a bucket and a prefix, whose characters mean themselves', () => {
    const { target, label } = parseConnectionString('s3://my.exports/shop 100%/2026?#/');
    expect(target).toEqual({ engine: 'objects', bucket: 'my.exports', prefix: 'shop 100%/2026?#', objects: [] });
    expect(label).toBe('s3://my.exports/shop 100%/2026?#');
    expect(parseConnectionString('S3://exports').label).toBe('s3://exports');
  });

  it.each([
    ['no bucket', 's3:///shop', /does not name a bucket/],
    ['a user in front', 's3://key:secret@exports/shop', /does not name a bucket/],
    ['a bucket that is none', 's3://Ex/shop', /does not name a bucket/],
    ['an address for a bucket', 's3://169.254.169.254/latest', /does not name a bucket/],
    ['a way up', 's3://exports/a/../../other', /"\.\." in its prefix/],
    ['a control character', 's3://exports/a\u0007b', /control character/],
  ])('is refused with %s', (_, text, message) => {
    expect(() => parseConnectionString(text)).toThrow(message);
    expect(() => parseConnectionString(text)).not.toThrow(/secret/);
  });
});
