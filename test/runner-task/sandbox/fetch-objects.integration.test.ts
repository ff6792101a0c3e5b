import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fetchObjects } from '../../../runner-task/supervisor/fetch-objects.ts';
import type { LinkedObject } from '../../../src/contracts/sandbox.ts';

const csv = 'id,name\n1,one\n2,two\n';
const bomb = gzipSync(Buffer.alloc(1_000_000));
const secret = 'X-Amz-Signature=secret';

/** A store that serves what it should, and one of each kind of thing that it should not. */
const answers: Readonly<Record<string, RequestListener>> = {
  '/a.csv': (_, response) => response.end(csv),
  '/longer.csv': (_, response) => response.end(csv.repeat(1_000)),
  '/shorter.csv': (_, response) => response.end('id'),
  '/endless.csv': (_, response) => {
    const chunk = Buffer.alloc(65_536, 'x');
    const more = (): void => {
      if (!response.destroyed) response.write(chunk, more);
    };
    more();
  },
  '/slow.csv': (_, response) => {
    response.writeHead(200, { 'content-length': String(csv.length) });
    response.write('id');
  },
  '/moved.csv': (_, response) => response.writeHead(302, { location: '/a.csv' }).end(),
  '/expired.csv': (_, response) => response.writeHead(403).end('<Error>Request has expired</Error>'),
  '/broken.csv': (_, response) => {
    response.writeHead(200, { 'content-length': String(csv.length) });
    response.write('id');
    setTimeout(() => response.destroy(), 50);
  },
  '/packed.csv': (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
};

describe('objects are fetched', () => {
  let server: Server;
  let origin: string;
  let folder: string;
  let asked: string[];
  beforeAll(async () => {
    server = createServer((request, response) => {
      const path = (request.url ?? '').split('?')[0] ?? '';
      asked.push(path);
      answers[path]?.(request, response);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    asked = [];
    folder = mkdtempSync(join(tmpdir(), 'surveyor-objects-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const object = (name: string, bytes = csv.length, more: Partial<LinkedObject> = {}): LinkedObject => ({
    name,
    bytes,
    url: `${origin}/${name}?${secret}`,
    ...more,
  });
  const fetchFailing = async (...objects: readonly LinkedObject[]): Promise<string> => {
    const message = await fetchObjects(objects, folder, origin).then(
      () => 'fetched',
      (error: Error) => `${error.name}: ${error.message}`,
    );
    expect(message).not.toContain('Signature');
    expect(readdirSync(folder)).toEqual([]);
    return message;
  };

  it('into a folder that holds them alone', async () => {
    await fetchObjects([object('a.csv')], folder, origin);
    const again = [object('a.csv', csv.length, { name: 'b.csv' }), object('a.csv', csv.length, { name: 'c.csv' })];
    await fetchObjects(again, folder, origin);
    expect(readdirSync(folder).toSorted()).toEqual(['b.csv', 'c.csv']);
    expect(readFileSync(join(folder, 'b.csv'), 'utf8')).toBe(csv);
  });

  it('and a packed one as it is packed, so that its size is what was told', async () => {
    await fetchObjects([object('packed.csv', bomb.length)], folder, origin);
    expect(readFileSync(join(folder, 'packed.csv')).equals(bomb)).toBe(true);
  });

  it.each([
    ['has more bytes than were told', 'longer.csv', /longer\.csv has not the 20 bytes/],
    ['has less', 'shorter.csv', /shorter\.csv has not the 20 bytes/],
    ['never ends', 'endless.csv', /endless\.csv has not the 20 bytes/],
    ['sends elsewhere', 'moved.csv', /moved\.csv could not be fetched: S3 answered with status 302/],
    ['has expired', 'expired.csv', /S3 refused the link \(403\): it has expired/],
    ['breaks off', 'broken.csv', /broken\.csv could not be fetched/],
  ])('or none of them, where one %s', async (_, name, message) => {
    expect(await fetchFailing(object('a.csv'), object(name))).toMatch(message);
    // One that is broken off because of it is not taken for the reason.
    expect(await fetchFailing(object('slow.csv'), object(name))).toMatch(message);
  });

  it.each<readonly [string, Partial<LinkedObject>, RegExp]>([
    ['a way up', { name: '../a.csv' }, /"\.\.\/a\.csv" is not a plain name/],
    ['an absolute path', { name: '/tmp/a.csv' }, /is not a plain name/],
    ['a backslash', { name: '..\\a.csv' }, /is not a plain name/],
    ['a control character', { name: 'a\u0000.csv' }, /is not a plain name/],
    ['a hidden name', { name: '.csv' }, /is not a plain name/],
    ['another ending', { name: 'a.duckdb' }, /is not a plain name/],
    ['the size of a disk', { bytes: 2 ** 40 }, /larger than/],
    ['another host', { url: 'http://169.254.169.254/latest/meta-data' }, /does not lead to S3/],
    ['another protocol', { url: 'file:///etc/passwd' }, /does not lead to S3/],
    ['no address', { url: 'nowhere' }, /does not lead to S3/],
  ])('never where one has %s: nothing is asked', async (_, more, message) => {
    expect(await fetchFailing(object('a.csv'), { ...object('a.csv'), name: 'b.csv', ...more })).toMatch(message);
    expect(asked).toEqual([]);
  });

  it('never where there are too many, or two of one name', async () => {
    const many = Array.from({ length: 1_001 }, (_, index) => object('a.csv', 1, { name: `${index}.csv` }));
    expect(await fetchFailing(...many)).toMatch(/1001 objects, of 1000/);
    expect(await fetchFailing(object('a.csv'), object('a.csv'))).toMatch(/Two objects have one name/);
    expect(asked).toEqual([]);
  });

  it('from S3 alone where nothing else is named', async () => {
    const urls = [
      'http://s3.eu-central-1.amazonaws.com/b/a.csv',
      'https://s3.eu-central-1.amazonaws.com:8443/b/a.csv',
      'https://s3.eu-central-1.amazonaws.com.attacker.example/b/a.csv',
      'https://attacker@s3.eu-central-1.amazonaws.com/b/a.csv',
      'https://dynamodb.eu-central-1.amazonaws.com/',
      origin,
    ];
    for (const url of urls)
      await expect(fetchObjects([object('a.csv', 1, { url })], folder)).rejects.toThrow(/does not lead to S3/);
  });
});
