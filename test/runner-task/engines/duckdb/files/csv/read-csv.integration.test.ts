import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FoundFile } from '../../../../../../runner-task/supervisor/engines/duckdb/files/file-loader.ts';
import { loadCsv } from '../../../../../../runner-task/supervisor/engines/duckdb/files/load-csv.ts';

const asText = (value: unknown): string => (typeof value === 'string' ? value : 'null');

type Read = {
  readonly columns: readonly string[];
  readonly rows: number;
  readonly first: readonly string[];
  readonly notes: readonly string[];
  readonly direct: boolean;
};

describe('a CSV file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'surveyor-read-csv-'));
  let connection: DuckDBConnection;
  beforeAll(async () => {
    connection = await (await DuckDBInstance.create(':memory:', { threads: '2' })).connect();
  });
  afterAll(() => {
    connection.closeSync();
    rmSync(folder, { recursive: true, force: true });
  });

  const read = async (content: string | Buffer, more: Partial<FoundFile> = {}, directFrom?: number): Promise<Read> => {
    const path = join(folder, 'table.csv');
    writeFileSync(path, content);
    await connection.run('DROP TABLE IF EXISTS told');
    const file: FoundFile = {
      name: 'table.csv',
      path,
      bytes: content.length,
      table: 'told',
      format: 'csv',
      notes: [],
      ...more,
    };
    const { notes, direct } = await loadCsv(connection, file, true, directFrom);
    const columns = (await connection.runAndReadAll('DESCRIBE told')).getRowsJS();
    const rows = (await connection.runAndReadAll('SELECT CAST(COLUMNS(*) AS VARCHAR) FROM told')).getRowsJS();
    return {
      columns: columns.map(([name, type]) => `${asText(name)} ${asText(type)}`),
      rows: rows.length,
      first: (rows[0] ?? []).map(asText),
      notes: notes.map(({ kind, detail }) => `${kind}: ${detail}`),
      direct,
    };
  };
  const lines = (count: number, line: (row: number) => string): string =>
    Array.from({ length: count }, (_, row) => `${line(row)}\n`).join('');

  it.each([
    ['NaN', 'level DOUBLE'],
    ['nan', 'level DOUBLE'],
    ['-Infinity', 'level DOUBLE'],
    ['inf', 'level DOUBLE'],
    ['NAN', 'level VARCHAR'],
    ['n/a', 'level VARCHAR'],
  ])('of numbers with %s among them has the column %s, by either reader', async (word, column) => {
    const content = `id,level\n${lines(60, (row) => `${row},${row === 40 ? word : `${row}.5`}`)}`;
    for (const directFrom of [0, Number.POSITIVE_INFINITY])
      expect(await read(content, {}, directFrom)).toMatchObject({ columns: ['id BIGINT', column], rows: 60 });
  });

  it('of one column is not taken for two by one late delimiter', async () => {
    const { columns, rows } = await read(`remark\n${lines(30, (row) => `call ${row} ended`)}busy; try again\n`);
    expect([columns, rows]).toEqual([['remark VARCHAR'], 31]);
  });

  it('that grows wider keeps its first rows and their names', async () => {
    const { columns, rows, notes } = await read(
      `at,amount\n${lines(30, (row) => `2024-01-${10 + (row % 20)},${row}`)}${lines(80, (row) => `2024-02-01,${row},Lund`)}`,
    );
    expect([columns, rows]).toEqual([['at DATE', 'amount BIGINT', 'column2 VARCHAR'], 110]);
    expect(notes[0]).toBe(
      'assumed: 30 rows have fewer than 3 fields: the first is line 2. The missing ones are at the end, and hold no value.',
    );
  });

  it('whose rows begin with # is no file of comments', async () => {
    const { rows, notes } = await read(
      `# by a tool\ncode,shade\n${lines(12, (row) => `#${row}a${row},c${row}`)}# the end\n`,
    );
    expect(rows).toBe(12);
    expect(notes.filter((note) => note.startsWith('aside'))).toEqual([
      'aside: 1 line above the table was left out: “# by a tool”.',
      'aside: 1 line below the table, from line 15, was left out: “# the end”.',
    ]);
  });

  it('keeps texts that no type writes back', async () => {
    const { columns } = await read(
      `long,code,release,zip,letter\n${lines(20, (row) => `8931490000000000000${row % 10},${row % 9}E5,1.${row % 2 ? '1' : '10'},0${1000 + row},F`)}`,
    );
    expect(columns.map((column) => column.split(' ')[1])).toEqual(Array.from({ length: 5 }, () => 'VARCHAR'));
  });

  it('says which way a day was read, and keeps the text where no value tells', async () => {
    const { columns, first, notes } = await read(
      `sure,unsure\n${lines(20, (row) => `${row + 11}/01/2024,0${1 + (row % 9)}/01/2024`)}`,
    );
    expect(columns).toEqual(['sure DATE', 'unsure VARCHAR']);
    expect(first).toEqual(['2024-01-11', '01/01/2024']);
    expect(notes).toEqual([
      'read_as: sure was read as day, month, year.',
      'assumed: unsure may have the day or the month first: no value is above 12 in one of them alone. The texts were kept.',
    ]);
  });

  it('has years for names, and says so', async () => {
    const { columns, rows, notes } = await read('place,2021,2022\nOslo,1,2\nLund,3,4\nTurku,5,6\n');
    expect([columns, rows]).toEqual([['place VARCHAR', '2021 BIGINT', '2022 BIGINT'], 3]);
    expect(notes[0]).toMatch(/^assumed: Line 1 was taken for the names/);
  });

  it('keeps the names where the rows have a field more, or less', async () => {
    const more = await read(`id,price\n${lines(20, (row) => `${row},0.${10 + row},x`)}`);
    expect(more.columns).toEqual(['id BIGINT', 'price DECIMAL(18,2)', 'column2 VARCHAR']);
    const less = await read(`who,town,team\n${lines(20, (row) => (row % 4 ? `w${row},Oslo,red` : `w${row},Oslo`))}`);
    expect([less.columns.length, less.rows]).toEqual([3, 20]);
    expect(less.notes[0]).toMatch(/^assumed: 5 rows have fewer than 3 fields: the first is line 2/);
  });

  it('never collapses into one column whose name holds the delimiter', async () => {
    const odd = lines(20, (row) => (row % 3 ? 'text' : 'a;b;c;d'));
    await expect(read(`day;rate;table\n${odd}`)).rejects.toThrow(/Its columns cannot be told: line 1/);
  });

  it('says what stands below the table', async () => {
    const { rows, notes } = await read(
      `day;rate\n${lines(20, (row) => `2024010${row % 9};${row}`)}\nlegend;code\nTotal: 20\n`,
    );
    expect(rows).toBe(20);
    expect(notes).toContain('aside: 2 lines below the table, from line 23, were left out: “legend;code”, “Total: 20”.');
  });

  it.each([
    [
      'utf-16le',
      Buffer.from('\uFEFFname,town\nJörg,Århus\n', 'utf16le'),
      'read_as: The file is in UTF-16 (little-endian).',
    ],
    [
      'latin1',
      Buffer.from('name,town\nJörg,Århus\n', 'latin1'),
      /^assumed: The file is not in UTF-8 and was read as Latin-1/,
    ],
    [
      'cp1252',
      Buffer.from('name,town\nJörg,Århus\nAnn,\u0080 5\n', 'latin1'),
      /^assumed: The file is not in UTF-8 and was read as Windows-1252/,
    ],
    [
      'mixed',
      Buffer.concat([Buffer.from('name,town\nJörg,Århus\n'), Buffer.from('Zoë,Malmö\n', 'latin1')]),
      /^assumed: The file is in UTF-8, but for 1 line, read as Latin-1 \(ISO 8859-1\): line 3/,
    ],
  ])('in %s is read, and its encoding is said', async (_, content, note) => {
    const { first, notes } = await read(content);
    expect(first).toEqual(['Jörg', 'Århus']);
    expect(notes[0]).toMatch(note);
  });

  it('in an encoding that is none of these says which byte stands against it, and what to do', async () => {
    await expect(read(Buffer.from('a,b\nx,y\n\u0081,1\n', 'latin1'))).rejects.toThrow(
      /line 3 holds the byte 0x81. Convert it to UTF-8/,
    );
  });

  it.each(['\n', '\r\n', '\r'])(
    'with %j at its lines’ ends, or with two kinds of them, has all its rows',
    async (end) => {
      const text = lines(30, (row) => `${row},${row * 2}`);
      expect((await read(`id,v\n${text}`.replaceAll('\n', end))).rows).toBe(30);
      expect((await read(`id,v\r\n${text}`)).rows).toBe(30);
    },
  );

  it('has quotes that close and quotes that do not', async () => {
    const { rows, first } = await read(
      `id,size\n${lines(20, (row) => `${row},"${row}"" pipe"`)}21," loose\n22,5" tube\n`,
    );
    expect([rows, first]).toEqual([22, ['0', '0" pipe']]);
    const slashes = await read(`id,say\n${lines(20, (row) => `${row},"he said \\"hi\\", and left"`)}`);
    expect(slashes.first).toEqual(['0', 'he said "hi", and left']);
  });

  it('names every column, and says which names it changed', async () => {
    const { columns, notes } = await read(' id ,name,Name,\n1,a,b,c\n2,d,e,f\n');
    expect(columns.map((column) => column.split(' ')[0])).toEqual(['id', 'name', 'Name_1', 'column3']);
    expect(notes.map((note) => note.split(':')[0])).toEqual(['assumed', 'renamed']);
  });

  it('packed by gzip or Zstandard is the same', async () => {
    const text = `id,v\n${lines(300, (row) => `${row},v${row}`)}`;
    for (const directFrom of [0, Number.POSITIVE_INFINITY]) {
      expect((await read(gzipSync(text), { packing: 'gzip' }, directFrom)).rows).toBe(300);
      expect((await read(zstdCompressSync(text), { packing: 'zstd' }, directFrom)).rows).toBe(300);
    }
  });

  it('of a million bytes and more is read by DuckDB, unless one late line is odd', async () => {
    const many = (last: string): string =>
      `id,name,share\n${lines(80_000, (row) => `${row},n${row},0.${10 + (row % 90)}`)}${last}`;
    const plain = await read(many(''));
    expect([plain.direct, plain.rows, plain.columns[2]]).toEqual([true, 80_000, 'share DECIMAL(18,2)']);
    const late: readonly (readonly [string, number, RegExp])[] = [
      ['80000,last\n', 80_001, /1 row has fewer than 3 fields: line 80002/],
      ['80000,la,st,0.50\n', 80_000, /1 line was left out, with more than 3 fields: line 80002/],
      ['80000,last,1.5\n', 80_001, /^$/],
      ['\n80000,last,0.50\n', 80_001, /1 empty line was left out: line 80002/],
    ];
    for (const [last, rows, note] of late) {
      const found = await read(many(last));
      expect([found.direct, found.rows]).toEqual([false, rows]);
      expect(found.notes[0] ?? '').toMatch(note);
    }
  });
});
