import { describe, expect, it } from 'vitest';
import { chooseObjects } from '../../../src/domain/connection/choose-objects.ts';
import { maxObjectBytes, maxObjectsBytes } from '../../../src/domain/connection/object-limits.ts';

const place = { bucket: 'exports', prefix: 'shop/2026' };
const chosen = (keys: readonly string[], bytes = 10, at = place) =>
  chooseObjects(
    at,
    keys.map((key) => ({ key, bytes })),
  ).chosen.map(({ name }) => name);

describe('the objects of a source', () => {
  it('are the data files right beneath its prefix', () => {
    const keys = [
      'a.csv',
      'b.TSV',
      'c.csv.gz',
      'd.parquet',
      'e.json',
      'f.xlsx',
      'g.txt',
      '.hidden.csv',
      '_SUCCESS',
      'deeper/f.csv',
      '',
    ];
    expect(chosen(keys.map((name) => `shop/2026/${name}`))).toEqual([
      'a.csv',
      'b.TSV',
      'c.csv.gz',
      'd.parquet',
      'e.json',
      'f.xlsx',
    ]);
  });

  it('are of a whole bucket where there is no prefix, and one where the prefix is its key', () => {
    expect(chosen(['a.csv', 'deeper/b.csv'], 1, { bucket: 'exports', prefix: '' })).toEqual(['a.csv']);
    expect(chosen(['shop/a.csv', 'shop/a.csv.bak'], 1, { bucket: 'exports', prefix: 'shop/a.csv' })).toEqual(['a.csv']);
  });

  it('never leave the folder that they are fetched into', () => {
    const keys = ['../../etc/a.csv', '/etc/b.csv', '..', '../c.csv', './d.csv', '..csv', 'e.csv/', '\\..\\..'];
    expect(() => chosen(keys.map((name) => `shop/2026/${name}`))).toThrow(/There is no table at s3:\/\/exports\/shop/);
    expect(() => chosen(['shop/2026x/a.csv', 'other/shop/2026/b.csv'])).toThrow(/There is no table/);
  });

  it.each([
    ['a backslash', 'a\\..\\b.csv'],
    ['a control character', 'a\u0000.csv'],
    ['a line break', 'a\nb.csv'],
    ['more characters than a table may have', `${'x'.repeat(130)}.csv`],
  ])('are left out alone with %s in the name', (_, name) => {
    expect(() => chosen([`shop/2026/${name}`])).toThrow(/cannot be a file.*Rename it/);
    const listed = [`shop/2026/${name}`, 'shop/2026/good.csv'].map((key) => ({ key, bytes: 10 }));
    const { chosen: objects, left_out } = chooseObjects(place, listed);
    expect(objects.map(({ key }) => key)).toEqual(['shop/2026/good.csv']);
    expect(left_out).toMatchObject([{ detail: expect.stringContaining('cannot be a file') as string }]);
    expect(left_out[0]?.name).not.toMatch(/\p{Cc}/u);
  });

  it('leave out what is no data file and what is too large, by name', () => {
    const { chosen: objects, left_out } = chooseObjects(place, [
      { key: 'shop/2026/a.csv', bytes: 10 },
      { key: 'shop/2026/huge.csv', bytes: maxObjectBytes + 1 },
      { key: 'shop/2026/readme.txt', bytes: 10 },
    ]);
    expect(objects.map(({ name }) => name)).toEqual(['a.csv']);
    expect(left_out.map(({ name, detail }) => `${name}: ${detail}`)).toEqual([
      expect.stringMatching(/^huge\.csv: It has 1\.0 GiB, of 1\.0 GiB that one may have/),
      expect.stringMatching(/^readme\.txt: By its name it is no data file/),
    ]);
  });

  it('are bounded in number, size and size together', () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => `shop/2026/${index}.csv`);
    expect(chosen(many(1_000))).toHaveLength(1_000);
    expect(() => chosen(many(1_001))).toThrow(/holds 1001 data files; at most 1000/);
    expect(() => chosen(['shop/2026/a.csv'], maxObjectBytes + 1)).toThrow(/a\.csv: It has 1\.0 GiB, of 1\.0 GiB/);
    expect(() => chosen(many(5), maxObjectBytes)).toThrow(/5\.0 GiB together, of 4\.0 GiB/);
    expect(chosen(many(4), maxObjectsBytes / 4)).toHaveLength(4);
  });
});
