import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, version } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../../runner-task/supervisor/engines/duckdb/open-database.ts';

/** The checksum that DuckDB keeps of the first page, which holds the version: its hash of 64 bits, over the page without it. */
const checksum = (page: Buffer): bigint => {
  const mask = (1n << 64n) - 1n;
  let sum = 5381n;
  for (let at = 0; at < page.length; at += 8) sum ^= (page.readBigUInt64LE(at) * 0xbf58476d1ce4e5b9n) & mask;
  return sum;
};

describe('a DuckDB file that cannot be opened', () => {
  let folder: string;
  let file: Buffer;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'surveyor-open-'));
    const path = join(folder, 'made.duckdb');
    const instance = await DuckDBInstance.create(path);
    const connection = await instance.connect();
    await connection.run('CREATE TABLE t AS SELECT range AS n FROM range(200000)');
    connection.closeSync();
    instance.closeSync();
    file = readFileSync(path);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const reason = async (name: string, content: Buffer): Promise<string> => {
    const path = join(folder, name);
    writeFileSync(path, content);
    const bounds = { memory_bytes: 1024 ** 3, spill_folder: join(folder, 'spill'), python: '' };
    return openDatabase({ engine: 'duckdb', path }, bounds).then(
      ({ instance }) => {
        instance.closeSync();
        return 'it can be opened';
      },
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
  };
  const ofVersion = (storage: number): Buffer => {
    const changed = Buffer.from(file);
    changed.writeUInt32LE(storage, 12);
    changed.writeBigUInt64LE(checksum(changed.subarray(8, 4096)), 0);
    return changed;
  };

  it('opens as it was made', async () => {
    expect(await reason('same.duckdb', file)).toBe('it can be opened');
  });

  it.each([
    [25, /v0\.\d\.\d/],
    [43, /v0\.7\.0 or v0\.7\.1/],
    [51, /v0\.8/],
  ])('because of storage version %i is told to be old, by which version, and how to go on', async (storage, writer) => {
    const message = await reason(`v${storage}.duckdb`, ofVersion(storage));
    expect(message).toMatch(/was written by an older DuckDB \(storage version \d+, of DuckDB version /);
    expect(message).toMatch(writer);
    expect(message).toContain(`this one (${version()}) reads`);
    expect(message).toContain('EXPORT DATABASE');
  });

  it('because of a version to come is told to be new', async () => {
    const message = await reason('v99.duckdb', ofVersion(99));
    expect(message).toMatch(/was written by a newer DuckDB \(storage version 99.*STORAGE_VERSION/);
  });

  it.each([
    ['empty', Buffer.alloc(0), /It is empty: it has no byte/],
    ['a pointer', Buffer.from('version https://git-lfs.github.com/spec/v1\n'), /pointer of Git LFS.*git lfs pull/],
    ['text', Buffer.from('a,b\n1,2\n'), /is not a DuckDB database file\. For a data file/],
    [
      'SQLite’s',
      Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(4096)]),
      /another database’s file.*sqlite:\/\//,
    ],
  ])('is told to be %s', async (name, content, expected) => {
    expect(await reason(`${name}.duckdb`, content)).toMatch(expected);
  });

  it('is told to be cut short', async () => {
    expect(await reason('cut.duckdb', file.subarray(0, 14_000))).toMatch(/is cut short.*Copy it again/);
  });
});
