import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { isDateFormat } from '../../../../../runner-task/supervisor/engines/duckdb/files/excel/workbook.ts';
import { writersPython } from './writers/writers-python.ts';
import { loadFolder, type LoadedFolder, withFolder } from './loaded-folder.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** An archive of these files, as ZIP has it. */
const zip = (files: Readonly<Record<string, string | Buffer>>): Buffer => {
  const entries: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, content] of Object.entries(files)) {
    const packed = deflateRawSync(content);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(8, 8);
    local.writeUInt16LE(name.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(8, 10);
    central.writeUInt32LE(packed.length, 20);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(at, 42);
    entries.push(local, Buffer.from(name), packed);
    directory.push(central, Buffer.from(name));
    at += 30 + name.length + packed.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...entries, listed, end]);
};

/** A workbook of sheets by their names, each the XML of its rows. */
const workbook = (sheets: Readonly<Record<string, string>>, more: Readonly<Record<string, string>> = {}): Buffer =>
  zip({
    'xl/workbook.xml': `<workbook><sheets>${Object.keys(sheets)
      .map((name, index) => `<sheet name="${name}" sheetId="${index + 1}" r:id="r${index}"/>`)
      .join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships>${Object.keys(sheets)
      .map((_, index) => `<Relationship Id="r${index}" Type="http://x/worksheet" Target="worksheets/s${index}.xml"/>`)
      .join('')}</Relationships>`,
    ...Object.fromEntries(
      Object.values(sheets).map((rows, index) => [
        `xl/worksheets/s${index}.xml`,
        `<worksheet><sheetData>${rows}</sheetData></worksheet>`,
      ]),
    ),
    ...more,
  });

const row = (...cells: readonly (string | number | undefined)[]): string =>
  `<row>${cells.map((cell) => (cell === undefined ? '<c/>' : typeof cell === 'number' ? `<c><v>${cell}</v></c>` : cell.startsWith('<') ? cell : `<c t="inlineStr"><is><t>${cell}</t></is></c>`)).join('')}</row>`;

const details = (folder: LoadedFolder): string =>
  folder.tables.flatMap(({ notes }) => notes.map(({ kind, detail }) => `${kind}: ${detail}`)).join('\n');

describe('Excel workbooks', () => {
  it('are a table for each sheet with cells; empty ones and charts are named', async () => {
    const book = workbook({ Orders: row('id', 'n') + row(1, 2), 'Q1.2024': row('a') + row(5), Empty: '' });
    await withFolder(
      { 'book.xlsx': book, 'one.xlsx': workbook({ Only: row('a', 'b') + row(1, 'x') }) },
      async (folder) => {
        expect(folder.tables.map(({ table }) => table)).toEqual(['book_Orders', 'book_Q1_2024', 'one']);
        expect(await folder.rows('FROM "book_Q1_2024"')).toEqual([[5n]]);
        expect(folder.left_out).toEqual([{ name: 'book.xlsx: Empty', detail: 'It is a sheet without cells.' }]);
      },
    );
  });

  it('tell where the table was found, what is above, below and within', async () => {
    const rows = [
      row('Figures of 2024'),
      '<row/>',
      row('country', 2019, 2020),
      row('A', 1, 2.5),
      '<row/>',
      row('B', 3, 4),
      '<row/>',
      row('Source: none'),
    ];
    await withFolder({ 'b.xlsx': workbook({ S: rows.join('') }) }, async (folder) => {
      expect(await folder.rows('SELECT country, "2019"::INTEGER, "2020" FROM b')).toEqual([
        ['A', 1, 2.5],
        ['B', 3, 4],
      ]);
      expect(details(folder)).toContain('read_as: The cells A3 to C6 of the sheet "S"; row 3 holds the names.');
      expect(details(folder)).toContain('aside: 1 row above the table is not of it: 1.');
      expect(details(folder)).toContain(
        'aside: 1 rows with one cell each, below an empty row at the end, are taken for remarks: 8.',
      );
      expect(details(folder)).toContain('read_as: 1 empty rows within are not counted.');
    });
  });

  it('end where another table begins, and say so; names that stand again are no rows', async () => {
    const gap = '<row/><row/>';
    const sheet = `${row('id', 'name')}${row(1, 'a')}${row(2, 'b')}${row('id', 'name')}${row(3, 'c')}${gap}${row('region', 'total')}${row('north', 5)}`;
    await withFolder({ 'book.xlsx': workbook({ Data: sheet }) }, async (folder) => {
      expect(await folder.rows('SELECT id::INTEGER, name FROM book')).toEqual([
        [1, 'a'],
        [2, 'b'],
        [3, 'c'],
      ]);
      expect(details(folder)).toContain('aside: 1 row repeats the names and is left out: 4.');
      expect(details(folder)).toContain('left_out: From row 8 on another table begins, by its names; it is not read.');
    });
  });

  it('go on behind empty rows where no other names stand', async () => {
    const sheet = `${row('id', 'name')}${row(1, 'a')}<row/>${row(2, 'b')}<row/>${row('x', 'c')}`;
    await withFolder({ 'book.xlsx': workbook({ Data: sheet }) }, async (folder) => {
      expect(await folder.rows('SELECT id, name FROM book')).toHaveLength(2);
      expect(details(folder)).toContain('left_out: From row 6 on another table begins');
    });
    const even = `${row('id', 'name')}${row(1, 'a')}<row/>${row(2, 'b')}<row/>${row(3, 'c')}`;
    await withFolder({ 'book.xlsx': workbook({ Data: even }) }, async (folder) => {
      expect(await folder.rows('SELECT id, name FROM book')).toHaveLength(3);
    });
  });

  it('tell of two tables beside each other, and of merged cells that go over rows', async () => {
    const sheet = `${row('id', 'v', undefined, 'region', 'total')}${row(1, 2, undefined, 'north', 5)}${row(3, 4, undefined, 'south', 6)}</sheetData><mergeCells><mergeCell ref="A2:A3"/><mergeCell ref="D2:E2"/></mergeCells><sheetData>`;
    await withFolder({ 'book.xlsx': workbook({ Data: sheet }) }, async (folder) => {
      const notes = folder.tables.flatMap((table) => table.notes);
      expect(notes.find(({ columns }) => columns?.join() === 'C')).toMatchObject({ kind: 'assumed' });
      expect(details(folder)).toContain('assumed: 1 ranges of merged cells go over several rows');
    });
  });

  it('tell of columns that the row of names has no name for', async () => {
    const book = workbook({ S: row('key', undefined, 'C') + row('x', 5, 1) + row('y', 6, 2) });
    await withFolder({ 'book.xlsx': book }, async (folder) => {
      expect(Object.keys(await folder.types('book'))).toEqual(['key', 'B', 'C']);
      expect(folder.tables[0]?.notes).toContainEqual({
        kind: 'renamed',
        columns: ['B'],
        detail: 'Row 1 has no name for them, so that they have the letters of their columns in the sheet.',
      });
    });
  });

  it('that come to more than can be held fail alone, by what their cells come to', async () => {
    const shared = zip({
      'xl/workbook.xml':
        '<workbook><sheets><sheet name="Wide" sheetId="1" r:id="r0"/><sheet name="Sound" sheetId="2" r:id="r1"/></sheets></workbook>',
      'xl/_rels/workbook.xml.rels':
        '<Relationships><Relationship Id="r0" Type="http://x/worksheet" Target="worksheets/s0.xml"/><Relationship Id="r1" Type="http://x/worksheet" Target="worksheets/s1.xml"/></Relationships>',
      'xl/sharedStrings.xml': `<sst><si><t>${'x'.repeat(30_000)}</t></si><si><t>name</t></si><si><t>other</t></si></sst>`,
      'xl/worksheets/s0.xml': `<worksheet><sheetData><row><c t="s"><v>1</v></c><c t="s"><v>2</v></c></row>${'<row><c t="s"><v>0</v></c><c t="s"><v>0</v></c></row>'.repeat(60_000)}</sheetData></worksheet>`,
      'xl/worksheets/s1.xml': `<worksheet><sheetData>${row('a', 'b')}${row(1, 'x')}</sheetData></worksheet>`,
    });
    expect(shared.length).toBeLessThan(200_000);
    const before = process.memoryUsage().rss;
    await withFolder({ 'book.xlsx': shared, 'one.csv': 'a,b\n1,2\n' }, async (folder) => {
      expect(await folder.reason('book_Wide')).toMatch(/its cells come to more than 512 MiB, of \d+ KiB/);
      expect(await folder.rows('FROM "book_Sound"')).toEqual([[1n, 'x']]);
      expect(await folder.rows('FROM one')).toEqual([[1n, 2n]]);
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(1024 ** 3);
  });

  it('tell what is assumed: that no row holds names, or that one of texts does', async () => {
    await withFolder(
      { 'a.xlsx': workbook({ S: row(1, 2) + row(3, 4) }), 'b.xlsx': workbook({ S: row('x', 'y') + row('u', 'v') }) },
      async (folder) => {
        expect(await folder.rows('SELECT "A"::INTEGER, "B"::INTEGER FROM a')).toEqual([
          [1, 2],
          [3, 4],
        ]);
        expect(await folder.rows('SELECT x, y FROM b')).toEqual([['u', 'v']]);
        expect(folder.tables.map(({ notes }) => notes.map(({ kind }) => kind))).toEqual([
          ['read_as', 'assumed'],
          ['read_as', 'assumed'],
        ]);
      },
    );
  });

  it('have values of formulas, and tell of errors, of formulas without values and of cells of several kinds', async () => {
    const rows =
      row('f', 'e', 'n', 'm') +
      row('<c><f>1+1</f><v>2</v></c>', '<c t="e"><v>#N/A</v></c>', '<c><f>A1</f></c>', 1) +
      row(3, 4, '<c><f>A1</f><v></v></c>', 'x');
    await withFolder({ 'b.xlsx': workbook({ S: rows }) }, async (folder) => {
      expect(await folder.rows('FROM b')).toEqual([
        [2n, null, null, '1'],
        [3n, 4n, null, 'x'],
      ]);
      expect(details(folder)).toMatch(
        /1 cells hold an error.*left_out: 2 cells hold a formula without its value.*Cells of several kinds/s,
      );
    });
  });

  it.each([
    ['yyyy-mm-dd', true],
    ['d. mmmm yyyy;@', true],
    ['[$-409]h:mm AM/PM', true],
    ['General', false],
    ['0.00', false],
    ['#,##0.00 "days"', false],
    ['[Red]0.0', false],
    ['[h]:mm:ss', false],
    ['0.00E+00', false],
    ['\\d0', false],
  ])('take %s for a format of days: %s', (format, expected) => {
    expect(isDateFormat(format)).toBe(expected);
  });

  it.each([
    ['no workbook', zip({ 'a.txt': 'x' }), /no workbook/],
    ['a binary workbook', zip({ 'xl/workbook.bin': 'x' }), /binary workbook/],
    ['an archive that is cut short', workbook({ S: row('a') }).subarray(0, 200), /damaged or cut short/],
    ['no cell', workbook({ S: '' }), /None of its sheets has a cell/],
    [
      'a sheet that unpacks to a gigabyte',
      workbook({ S: `${row('a')}${' '.repeat(400 * 1024 * 1024)}` }),
      /unpacks to more than 256 MiB/,
    ],
    ['rows that never end', workbook({ S: `<row>${'<c>'.repeat(12_000_000)}` }), /more than 32 MiB/],
    [
      'rows in disorder',
      workbook({ S: '<row r="2"><c><v>1</v></c></row><row r="1"><c><v>1</v></c></row>' }),
      /not in order/,
    ],
  ])('fail alone with %s', async (_, content, reason) => {
    await withFolder({ 'good.csv': 'a\n1\n', 'bad.xlsx': content }, async (folder) => {
      expect(await folder.reason('bad')).toMatch(reason);
      expect(await folder.rows('SELECT a::INTEGER FROM good')).toEqual([[1]]);
    });
  });
});

describe('workbooks of other writers', { timeout: 600_000 }, () => {
  let python: string;
  beforeAll(async () => {
    python = await writersPython();
  }, 600_000);

  type Truth = Readonly<
    Record<string, { readonly names: readonly string[]; readonly rows: readonly (readonly (string | null)[])[] }>
  >;

  /** A value as it was written, by what came of it; a text where its column has several kinds. */
  const isSame = (truth: string | null, read: string | null): boolean => {
    if (truth === null || read === null) return truth === read;
    const [kind = '', ...words] = truth.split(' ');
    const written = words.join(' ');
    if (kind === 'number') return Number(read) === Number(written);
    if (kind === 'moment') return read === written;
    return read.toLowerCase() === written.toLowerCase() && (kind !== 'text' || read === written);
  };

  it('read back as they were written, each value of 150', async () => {
    const path = mkdtempSync(join(tmpdir(), 'surveyor-books-'));
    execFileSync(python, [here('writers/write_workbooks.py'), path, '150'], { stdio: 'pipe' });
    const truth = JSON.parse(readFileSync(join(path, 'truth.json.txt'), 'utf8')) as Truth;
    const folder = await loadFolder(path);
    const different: string[] = [];
    let values = 0;
    for (const [table, { names, rows }] of Object.entries(truth)) {
      const found = Object.keys(await folder.types(table));
      if (found.join() !== names.join()) different.push(`${table}: columns ${found.join()} of ${names.join()}`);
      const read = (await folder.rows(
        `SELECT ${found.map((name) => `"${name}"::VARCHAR`).join(', ')} FROM ${table}`,
      )) as readonly (readonly (string | null)[])[];
      if (read.length !== rows.length) different.push(`${table}: ${read.length} rows of ${rows.length}`);
      for (const [y, row] of rows.entries())
        for (const [x, value] of row.entries()) {
          values += 1;
          if (!isSame(value, read[y]?.[x] ?? null))
            different.push(`${table} ${y} ${names[x]}: ${value} is ${read[y]?.[x]}`);
        }
    }
    folder.close();
    rmSync(path, { recursive: true });
    expect(different.slice(0, 20)).toEqual([]);
    expect(values).toBeGreaterThan(10_000);
  });
});
