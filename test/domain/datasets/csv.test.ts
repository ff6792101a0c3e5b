import { expect, it } from 'vitest';
import { csvChunks } from '../../../src/domain/datasets/csv.ts';

it('quotes what would break a line, and writes nothing for null', () => {
  const rows = [
    { a: 'plain', b: 1, c: true },
    { a: 'one, two', b: null, c: false },
    { a: 'he said "no"', b: 0.5, c: null },
    { a: 'two\nlines', b: NaN, c: null },
    { a: ' padded ', b: -0.001, c: null },
  ];
  expect([...csvChunks(['c', 'a', 'b'], rows)].join('')).toBe(
    'c,a,b\ntrue,plain,1\nfalse,"one, two",\n,"he said ""no""",0.5\n,"two\nlines",NaN\n, padded ,-0.001\n',
  );
});

it('writes the header alone where there are no rows', () => {
  expect([...csvChunks(['a', 'b'], [])]).toEqual(['a,b\n']);
});

it('comes in pieces, so that no table need be one text', () => {
  const rows = Array.from({ length: 3_000 }, (_, i) => ({ id: i, text: 'x'.repeat(50) }));
  const chunks = [...csvChunks(['id', 'text'], rows)];
  expect(chunks.length).toBeGreaterThan(1);
  expect(chunks.join('').split('\n')).toHaveLength(3_002);
  for (const chunk of chunks) expect(chunk.endsWith('\n')).toBe(true);
});
