import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type LoadedFolder, withFolder } from './loaded-folder.ts';

const read = async <T>(
  content: string | Uint8Array,
  ask: (folder: LoadedFolder) => Promise<T>,
  name = 't.json',
): Promise<T> => withFolder({ [name]: content }, ask);

describe('JSON files', () => {
  it.each([
    ['a list', '[{"a":1,"b":"x"},{"a":2,"b":null}]', 't.json'],
    ['a list that is indented', JSON.stringify([{ a: 1, b: 'x' }, { a: 2 }], null, 2), 't.json'],
    ['a list after a byte order mark', '\ufeff[{"a":1,"b":"x"},{"a":2}]', 't.json'],
    ['lines', '{"a":1,"b":"x"}\n{"a":2}\n', 't.ndjson'],
    ['lines of CR and LF without a last one', '{"a":1,"b":"x"}\r\n{"a":2}', 't.jsonl'],
    ['lines called .json', '{"a":1,"b":"x"}\n{"a":2}\n', 't.json'],
    ['lines packed by gzip', gzipSync('{"a":1,"b":"x"}\n{"a":2}\n'), 't.json.gz'],
    ['lines packed by Zstandard', zstdCompressSync('{"a":1,"b":"x"}\n{"a":2}\n'), 't.ndjson.zst'],
    ['lines packed without a word of it', gzipSync('{"a":1,"b":"x"}\n{"a":2}\n'), 't.json'],
    ['the list that one object wraps', '{"next":null,"total":2,"data":[{"a":1,"b":"x"},{"a":2}]}', 't.json'],
  ])('are read from %s', async (_, content, name) => {
    await read(
      content,
      async (folder) => {
        expect(await folder.rows('SELECT a, b FROM t')).toEqual([
          [1n, 'x'],
          [2n, null],
        ]);
      },
      name,
    );
  });

  it('tell what stands beside the list that is read', async () => {
    await read('{"next":null,"total":2,"data":[{"a":1},{"a":2}]}', async ({ tables }) => {
      expect(tables[0]?.notes).toMatchObject([
        { kind: 'read_as', detail: expect.stringContaining('"next", "total"') as string },
      ]);
    });
  });

  it('keep numbers as they are written: of 20 and of 40 digits too', async () => {
    const [twenty, forty] = ['89014103211118510720', '1234567890123456789012345678901234567890'];
    await read(
      `[{"id":${twenty},"huge":${forty},"big":9007199254740993,"minus":-1},{"id":1,"huge":2,"big":3,"minus":9223372036854775807}]`,
      async (folder) => {
        expect(await folder.types('t')).toEqual({ id: 'HUGEINT', huge: 'VARCHAR', big: 'BIGINT', minus: 'BIGINT' });
        expect(await folder.rows('SELECT id::VARCHAR, huge, big FROM t LIMIT 1')).toEqual([
          [twenty, forty, 9007199254740993n],
        ]);
      },
    );
  });

  it('tell of numbers that a double cannot hold', async () => {
    await read('[{"a":0.12345678901234567891}]', async ({ tables }) => {
      expect(tables[0]?.notes[0]?.detail).toMatch(/more than 17 digits/);
    });
    await read('[{"a":0.1234567890123,"b":"0.12345678901234567891"}]', async ({ tables }) => {
      expect(tables[0]?.notes).toEqual([]);
    });
  });

  it('have days and moments where all values are, and texts else', async () => {
    const rows = [
      {
        day: '2024-01-31',
        moment: '2024-01-31T10:00:00',
        zulu: '2024-01-31T10:00:00.5Z',
        mixed: '2024-01-31',
        code: '1E5',
        zero: '007',
        no: '2024-02-30',
      },
      {
        day: '2024-02-29',
        moment: '2024-01-31 10:00:01',
        zulu: '2024-01-31T10:00:00Z',
        mixed: 'soon',
        code: '2E5',
        zero: '008',
        no: '2024-02-28',
      },
    ];
    await read(JSON.stringify(rows), async (folder) => {
      expect(await folder.types('t')).toEqual({
        day: 'DATE',
        moment: 'TIMESTAMP',
        zulu: 'TIMESTAMP WITH TIME ZONE',
        mixed: 'VARCHAR',
        code: 'VARCHAR',
        zero: 'VARCHAR',
        no: 'VARCHAR',
      });
    });
  });

  it('keep what is nested, and values of several kinds as JSON', async () => {
    const rows = [
      { where: { city: 'Bonn', at: [1, 2] }, tags: ['a'], any: 1, gone: null },
      { where: { city: 'Köln' }, tags: [], any: 'x', gone: null },
    ];
    await read(JSON.stringify(rows), async (folder) => {
      expect(await folder.types('t')).toEqual({
        where: 'STRUCT(city VARCHAR, "at" UBIGINT[])',
        tags: 'VARCHAR[]',
        any: 'JSON',
        gone: 'VARCHAR',
      });
      expect(await folder.rows('SELECT "where".city, "any"::VARCHAR FROM t')).toEqual([
        ['Bonn', '1'],
        ['Köln', '"x"'],
      ]);
    });
  });

  it('keep names that case divides, that are empty or hold slashes', async () => {
    await read('[{"Name":1,"name":2,"":3,"a/b~c":4,"it\'s":5,"d.e":6}]', async (folder) => {
      expect(Object.keys(await folder.types('t'))).toEqual(['Name', 'name_1', 'column2', 'a/b~c', "it's", 'd.e']);
      expect(await folder.rows('FROM t')).toEqual([[1n, 2n, 3n, 4n, 5n, 6n]]);
      expect(folder.tables[0]?.notes.map(({ kind }) => kind)).toEqual(['renamed', 'renamed']);
    });
  });

  it('tell what is nested, of several kinds, one object or no record', async () => {
    const notes = async (content: unknown): Promise<readonly (readonly unknown[])[]> =>
      read(typeof content === 'string' ? content : JSON.stringify(content), async (folder) =>
        (folder.tables[0]?.notes ?? []).map(({ kind, columns = [] }) => [kind, ...columns]),
      );
    expect(await notes([{ id: 1, who: { name: 'a' }, tags: ['x'] }])).toEqual([['read_as', 'who', 'tags']]);
    expect(
      await notes([
        { id: 1, v: 1 },
        { id: 2, v: 'x' },
      ]),
    ).toEqual([['read_as', 'v']]);
    expect(await notes({ a: { 0: 1, 1: 2 }, b: { 0: 'x', 1: 'y' } })).toEqual([['assumed'], ['read_as', 'a', 'b']]);
    expect(
      await notes([
        ['a', 'b'],
        [1, 2],
      ]),
    ).toEqual([['read_as', 'value']]);
    expect(await notes('{"a":1,"a":2}\n{"a":3}\n')).toEqual([['assumed']]);
    expect(await notes([{ id: 1 }, { id: 2 }])).toEqual([]);
  });

  it('have all their members, one called __proto__ too, at any depth', async () => {
    await read('[{"__proto__":1,"a":{"__proto__":"x","constructor":2}},{"__proto__":5,"a":null}]', async (folder) => {
      expect(await folder.rows('SELECT "__proto__", a."__proto__", a.constructor::INTEGER FROM t')).toEqual([
        [1n, 'x', 2],
        [5n, null, null],
      ]);
      expect(Object.keys(await folder.types('t'))).toHaveLength(2);
    });
  });

  it.each([
    ['in the one record', '[{"a":1,"a":2}]'],
    ['in one of several', '{"a":1}\n{"a":3,"b":1,"a":2}\n'],
    ['in the list that one object wraps', '{"rows":[{"a":1,"a":2},{"a":3}]}'],
    ['in an object within', '[{"o":{"a":1,"a":2}},{"o":{"a":3}}]'],
    ['in a list within', '[{"o":[{"a":1},{"a":1,"a":2}]},{"o":[]}]'],
    ['by another spelling of it', '[{"a":1,"\\u0061":2}]'],
  ])('tell of a name that is there twice %s', async (_, content) => {
    await read(content, async (folder) => {
      const told = folder.tables[0]?.notes.find(({ detail }) => /a name more than once/.test(detail));
      expect(told).toMatchObject({ kind: 'assumed', detail: expect.stringMatching(/^1 record has/) });
    });
  });

  it('may be lists of plain values', async () => {
    await read('[1,2,3]', async (folder) => {
      expect(await folder.rows('SELECT sum(value::INTEGER)::INTEGER FROM t')).toEqual([[6]]);
    });
  });

  it.each([
    ['a record that is cut short', '{"a":1}\n{"a":2}\n{"a":\n', /Line 3 is no JSON: "\{\\"a\\":" .*cut short/s],
    ['no record', '[]', /holds no record/],
    ['another encoding', Buffer.from('\ufeff[{"a":1}]', 'utf16le'), /looks like UTF-16/],
    [
      'more levels than can be read',
      `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
      /nested more than 500 levels deep, in line 1/,
    ],
    [
      'a dictionary by ids',
      JSON.stringify(Object.fromEntries(Array.from({ length: 3_000 }, (_, n) => [`id${n}`, n]))),
      /3000 different names/,
    ],
    ['no JSON', 'a,b\n1,2\n', /Line 1 is no JSON: "a,b"/],
    ['a line that is no record', '{"a":1}\n{"a":2}\n{a:3}\n{"a":4}\n', /Line 3 is no JSON: "\{a:3\}"/],
    ['a comma too many', '[\n{"a":1},\n{"a":2},\n]\n', /Line 4 is no JSON: "\]" .*Mend it/],
    ['a comment', '// of Monday\n[{"a":1}]\n', /Line 1 is no JSON: "\/\/ of Monday"/],
    ['a list that is cut short', '[\n{"a":1},\n{"a":"b', /Line 3 is no JSON.*may be cut short/],
    ['letters of Latin-1', Buffer.from('[{"a":1},\n{"a":"\u00e9"}]', 'latin1'), /line 2 holds bytes that are no UTF-8/],
  ])('with %s fail with the reason', async (_, content, reason) => {
    await read(content, async (folder) => {
      expect(await folder.reason('t')).toMatch(reason);
    });
  });
});
