import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadBytes } from './read-back.ts';

const lines = (count: number, line: (row: number) => string): string =>
  Array.from({ length: count }, (_, row) => `${line(row)}\n`).join('');

describe('an odd CSV file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'surveyor-odd-csv-'));
  let connection: DuckDBConnection;
  beforeAll(async () => {
    connection = await (await DuckDBInstance.create(':memory:', { threads: '2' })).connect();
  });
  afterAll(() => {
    connection.closeSync();
    rmSync(folder, { recursive: true, force: true });
  });

  type Found = { readonly columns: readonly string[]; readonly rows: number; readonly notes: readonly string[] };

  /** What both readers make of a file; they have to agree. */
  const read = async (content: string | Buffer): Promise<Found> => {
    const found: Found[] = [];
    for (const directFrom of [0, Number.POSITIVE_INFINITY]) {
      const loaded = await loadBytes(connection, folder, Buffer.from(content), directFrom);
      found.push({
        columns: loaded.names.map((name, index) => `${name} ${loaded.types[index] ?? ''}`),
        rows: loaded.rows.length,
        notes: loaded.notes.map(({ kind, detail }) => `${kind}: ${detail}`),
      });
    }
    const [quick, careful] = found;
    if (quick === undefined) throw new Error('Nothing was read.');
    expect(quick).toEqual(careful);
    return quick;
  };

  it('has the same types in whatever order its rows stand', async () => {
    const values = fc.constantFrom(
      ['NaN', '1', '2.5', '-7'],
      ['inf', '1', '20'],
      ['1e-07', '12', '0.5'],
      ['1', '2', '3.5'],
      ['1.10', '2', '3'],
      ['true', 'false', 'x'],
      ['2024-01-02', '2024-01-03', ''],
      ['13/01/2024', '01/02/2024'],
      ['1,5', '2,5', '3'],
      ['-Infinity', '4', ''],
    );
    const column = values.chain((words) => fc.array(fc.constantFrom(...words), { minLength: 12, maxLength: 12 }));
    const orders = fc.tuple(
      fc.array(column, { minLength: 2, maxLength: 4 }),
      fc.array(fc.nat(), { minLength: 12, maxLength: 12 }),
    );
    await fc.assert(
      fc.asyncProperty(orders, async ([columns, keys]) => {
        const rows = keys.map((_, row) => columns.map((each) => each[row]).join(';'));
        const shuffled = rows
          .map((row, index) => [keys[index] ?? 0, row] as const)
          .toSorted(([a], [b]) => a - b)
          .map(([, row]) => row);
        const names = columns.map((_, index) => `name ${index}`).join(';');
        const [one, other] = [await read([names, ...rows].join('\n')), await read([names, ...shuffled].join('\n'))];
        expect(other.columns).toEqual(one.columns);
      }),
      { numRuns: 15, seed: 11 },
    );
  });

  it.each([
    [
      'points between thousands, a decimal comma',
      ['1.005,13', '12,50', '-1.234.567,00'],
      'DECIMAL(18,2)',
      /read_as: n was read as numbers with points between thousands and a decimal comma/,
    ],
    [
      'commas between thousands, a decimal point',
      ['1,005.13', '12.50', '-0.75'],
      'DECIMAL(18,2)',
      /read_as: n was read as numbers with commas between thousands and a decimal point/,
    ],
    [
      'a decimal comma, as many decimals as are needed',
      ['0,5', '0,25', '12', '-1,75'],
      'DOUBLE',
      /read_as: n was read as numbers with a decimal comma/,
    ],
    [
      'points between thousands alone',
      ['1.234.567', '12', '3.000'],
      'BIGINT',
      /read_as: n was read as whole numbers with points between thousands/,
    ],
    [
      'commas between thousands alone',
      ['1,234,567', '12', '-3,000'],
      'BIGINT',
      /read_as: n was read as whole numbers with commas between thousands/,
    ],
    [
      'what may be both',
      ['1,234', '12', '5,678'],
      'VARCHAR',
      /assumed: n may be numbers with a decimal comma, or whole ones with commas between thousands/,
    ],
    [
      'several notations',
      ['1.005,13', '1,005.13', '12,5'],
      'VARCHAR',
      /assumed: n looks like numbers with commas or points in them that are not all written alike/,
    ],
    ['decimals of several lengths', ['12,50', '12,5', '12'], 'VARCHAR', /assumed: n looks like numbers/],
  ])('has numbers with %s typed, or told', async (_, values, type, told) => {
    for (const order of [values, values.toReversed(), [...values.slice(1), ...values.slice(0, 1)]]) {
      const { columns, notes, rows } = await read(
        `id;n\n${order.map((value, index) => `${index};${value}`).join('\n')}\n`,
      );
      expect(columns).toEqual(['id BIGINT', `n ${type}`]);
      expect(rows).toBe(values.length);
      expect(notes.join('\n')).toMatch(told);
    }
  });

  it('keeps the texts of points that may stand between thousands, where other columns have a decimal comma', async () => {
    const found = await read('a;b;c\n1.234;0,5;1.5\n5.678;0,25;2.5\n');
    expect(found.columns).toEqual(['a VARCHAR', 'b DOUBLE', 'c DOUBLE']);
    expect(found.notes.join('\n')).toMatch(
      /a may be numbers with a decimal point, or whole ones with points between thousands/,
    );
    expect((await read('a;b\n1.234;x\n5.678;y\n')).columns).toEqual(['a DOUBLE', 'b VARCHAR']);
  });

  it.each([
    ['versions', ['1.2.3', '10.0.1']],
    ['addresses', ['10.0.0.1', '192.168.1.10']],
    ['codes', ['007', '1.10', '1.1']],
  ])('says nothing of numbers where there are %s', async (_, values) => {
    const { columns, notes } = await read(`id;n\n${values.map((value, index) => `${index};${value}`).join('\n')}\n`);
    expect(columns).toEqual(['id BIGINT', 'n VARCHAR']);
    expect(notes.join('\n')).not.toMatch(/numbers/);
  });

  it('has comments left out within it where it begins with some, and told in any case', async () => {
    const marked = await read('# of Monday\nid,v\n1,2\n# mid\n3,4\n');
    expect(marked).toMatchObject({ columns: ['id BIGINT', 'v BIGINT'], rows: 2 });
    expect(marked.notes.join('\n')).toMatch(/1 line that begins with # left out as comments: line 4/);
    const unmarked = await read(`id,v\n1,2\n# mid\n${lines(20, (row) => `${row},4`)}`);
    expect(unmarked).toMatchObject({ rows: 22 });
    expect(unmarked.notes.join('\n')).toMatch(
      /assumed: 1 line begins with # and was read as a row, though it may be a comment: line 3/,
    );
  });

  it.each([
    ['Report;;\nRun: 2024;;\n;;\n', 3],
    ['Report;;\n', 1],
    [';Report;\n;;\n', 2],
    ['sep=;\nReport;;\n', 2],
  ])('has its names below titles that are filled up with delimiters: %j', async (above, count) => {
    const found = await read(`${above}id;a;b\n1;2;x\n2;3;y\n3;4;z\n`);
    expect(found).toMatchObject({ columns: ['id BIGINT', 'a BIGINT', 'b VARCHAR'], rows: 3 });
    expect(found.notes.join('\n')).toMatch(
      new RegExp(`aside: ${count} lines? above the table (?:was|were) left out: .*“;?(?:Report|sep=;)”`),
    );
  });

  it('has titles that are filled up only where names follow', async () => {
    expect((await read('id;;\n1;2;3\n4;5;6\n')).rows).toBe(2);
    expect((await read(';name\nx;ann\ny;bob\n')).rows).toBe(3);
    expect((await read('id;a;b\n1;;\nx;y;z\n')).columns[1]).toBe('a VARCHAR');
  });

  it('that was put together of several has their names once, and says so', async () => {
    const part = (first: number): string =>
      `id,name,share\n${lines(20, (row) => `${first + row},n${row},0.${10 + row}`)}`;
    const { columns, rows, notes } = await read(part(0) + part(20) + part(40));
    expect([columns, rows]).toEqual([['id BIGINT', 'name VARCHAR', 'share DECIMAL(18,2)'], 60]);
    expect(notes).toEqual([
      'aside: 2 lines repeat the names of the columns and were left out: the first is line 22. The file may be put together of several.',
    ]);
    const marked = await read(Buffer.from(`\uFEFF${part(0)}\uFEFF${part(20)}`));
    expect([marked.rows, marked.columns[0]]).toEqual([40, 'id BIGINT']);
  });

  it('of texts alone has its names once, also where they stand again far behind', async () => {
    const part = (letter: string, count: number): string =>
      `town,name\n${lines(count, (row) => `${letter}${row},n${row % 7}`)}`;
    const few = await read(part('a', 30) + part('b', 30));
    expect([few.columns, few.rows]).toEqual([['town VARCHAR', 'name VARCHAR'], 60]);
    const many = await read(part('a', 40_000) + part('b', 10));
    expect([many.rows, many.notes[0]]).toEqual([
      40_010,
      'aside: 1 line repeats the names of the columns and was left out: line 40002. The file may be put together of several.',
    ]);
  });

  it('whose first row is there often is no file of names', async () => {
    const { columns, rows } = await read(lines(30, (row) => (row % 3 === 0 ? 'Oslo,red' : `Lund,c${row % 5}`)));
    expect([columns, rows]).toEqual([['column0 VARCHAR', 'column1 VARCHAR'], 30]);
  });

  it('has all its rows, whatever ends each of them', async () => {
    const text = ['\r\n', '\r', '\n', '\r\n'].map((end, part) =>
      lines(10, (row) => `${part + 1}${row},x`).replaceAll('\n', end),
    );
    const { columns, rows, notes } = await read(`id,name\n${text.join('')}`);
    expect([columns, rows, notes]).toEqual([['id BIGINT', 'name VARCHAR'], 40, []]);
    const twice = await read(`id,name\n${lines(10, (row) => `${row},x`)}`.replaceAll('\n', '\r\r\n'));
    expect([twice.columns, twice.rows]).toEqual([['id BIGINT', 'name VARCHAR'], 10]);
    expect(twice.notes).toEqual([
      'read_as: 11 lines end in CR CR LF; both carriage returns were taken for a part of the end.',
    ]);
  });

  it('keeps carriage returns within its values', async () => {
    const { rows } = await read(
      `id,note\n${lines(30, (row) => (row % 9 === 4 ? `${row},one\rtwo` : `${row},"a\r\nb"`))}`,
    );
    expect(rows).toBe(30);
  });

  it.each([
    ['zero bytes', 'a\0b', /^assumed: 20 lines hold what no text has, zero bytes or \^Z: the first is line 2\./],
    ['^Z in the middle', 'a\u001Ab', /^assumed: 20 lines hold what no text has/],
  ])('with %s is read and says so', async (_, value, note) => {
    const { rows, notes } = await read(`id,name\n${lines(20, (row) => `${row},${value}${row}`)}`);
    expect([rows, notes.length]).toEqual([20, 1]);
    expect(notes[0]).toMatch(note);
  });

  it('that ends in ^Z names it', async () => {
    const { rows, notes } = await read(`id,name\r\n${lines(20, (row) => `${row},n\r`)}\u001A`);
    expect([rows, notes]).toEqual([20, ['aside: 1 line below the table, from line 22, was left out: “^Z”.']]);
  });

  it('has names that a statement can hold', async () => {
    const { columns } = await read('id,na\0me\n1,a\n2,b\n');
    expect(columns).toEqual(['id BIGINT', 'na_me VARCHAR']);
  });

  it('of hundreds of columns is read in seconds, of more than 2,000 not at all', { timeout: 60_000 }, async () => {
    const wide = (width: number): string =>
      lines(5, (row) =>
        Array.from({ length: width }, (_, index) => (row === 0 ? `c${index}` : String(index * row))).join(','),
      );
    expect((await read(wide(400))).columns.length).toBe(400);
    await expect(read(wide(2_001))).rejects.toThrow('Its lines have 2001 fields, of 2000 that a table may have.');
  });

  it('has lines within quotes as one row, wherever a piece of the file ends', async () => {
    const note = 'one\ntwo, "three"\r\nfour';
    for (const size of [1024 * 1024, 2 * 1024 * 1024]) {
      const row = `1,"${note.replaceAll('"', '""')}"\n`;
      const count = Math.ceil(size / row.length) + 3;
      const loaded = await read(`id,note\n${row.repeat(count)}`);
      expect(loaded).toMatchObject({ rows: count, notes: [] });
    }
  });
});
