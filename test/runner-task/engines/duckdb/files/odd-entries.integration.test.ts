import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, truncateSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import { createFolder, loadFolder, withFolder, type LoadedFolder } from './loaded-folder.ts';

const good = { 'good.csv': 'a,b\n1,x\n2,y\n' };
const names = ({ tables }: LoadedFolder): readonly string[] => tables.map(({ table }) => table);
const whyLeftOut = ({ left_out }: LoadedFolder, name: string): string =>
  left_out.find((entry) => entry.name === name)?.detail ?? 'it is not left out';
const goodRows = async (folder: LoadedFolder): Promise<unknown> =>
  (await folder.rows('SELECT count(*)::INTEGER FROM good'))[0];

describe('links in a folder', () => {
  it('are not followed out of it, whatever they are called and however they lead there', async () => {
    const outside = createFolder({ 'secret.csv': 'secret\nhidden\n', 'deep/secret.csv': 'secret\nhidden\n' });
    await withFolder(
      good,
      async (folder) => {
        expect(names(folder)).toEqual(['good']);
        for (const link of ['file.csv', 'up.csv', 'twice.csv', 'passwd.csv'])
          expect(whyLeftOut(folder, link)).toMatch(/leads out of the folder/);
        for (const link of ['folder', 'year=2024']) expect(whyLeftOut(folder, link)).toMatch(/leads out of the folder/);
        expect(JSON.stringify(folder.left_out)).not.toContain(outside);
        await expect(folder.rows(`FROM '${outside}/secret.csv'`)).rejects.toThrow(/disabled/);
      },
      (path) => {
        symlinkSync(join(outside, 'secret.csv'), join(path, 'file.csv'));
        symlinkSync(`../${outside.split('/').at(-1)}/secret.csv`, join(path, 'up.csv'));
        symlinkSync(join(path, 'file.csv'), join(path, 'twice.csv'));
        symlinkSync('/etc/passwd', join(path, 'passwd.csv'));
        symlinkSync(join(outside, 'deep'), join(path, 'folder'));
        symlinkSync(join(outside, 'deep'), join(path, 'year=2024'));
      },
    );
    rmSync(outside, { recursive: true });
  });

  it('into a data set do not lead out of it either', async () => {
    const outside = createFolder({ 'secret.csv': 'a\n99\n' });
    await withFolder(
      { 'sales/year=2024/part.csv': 'a\n1\n' },
      async (folder) => {
        expect(await folder.rows('FROM sales')).toEqual([[1n, 2024n]]);
        expect(whyLeftOut(folder, 'sales/year=2024/more.csv')).toMatch(/leads out of the folder/);
        expect(whyLeftOut(folder, 'sales/year=2025')).toMatch(/leads out of the folder/);
      },
      (path) => {
        symlinkSync(join(outside, 'secret.csv'), join(path, 'sales/year=2024/more.csv'));
        symlinkSync(outside, join(path, 'sales/year=2025'));
      },
    );
    rmSync(outside, { recursive: true });
  });

  it('within it count no row twice, and lead to what is hidden there, as git-annex has it', async () => {
    await withFolder(
      { ...good, '.annex/objects/K1': 'a\n1\n2\n3\n' },
      async (folder) => {
        expect(names(folder)).toEqual(['annexed', 'good']);
        expect(await folder.rows('SELECT sum(a)::INTEGER FROM annexed')).toEqual([[6]]);
        expect(whyLeftOut(folder, 'same.csv')).toMatch(/a link to good\.csv beside it/);
      },
      (path) => {
        symlinkSync('good.csv', join(path, 'same.csv'));
        symlinkSync('.annex/objects/K1', join(path, 'annexed.csv'));
      },
    );
  });

  it('that lead to nothing or in a circle are left out alone', async () => {
    await withFolder(
      good,
      async (folder) => {
        expect(await goodRows(folder)).toEqual([2]);
        expect(whyLeftOut(folder, 'dangling.csv')).toMatch(/leads to nothing/);
        expect(whyLeftOut(folder, 'circle.csv')).toMatch(/in a circle/);
      },
      (path) => {
        symlinkSync('gone.csv', join(path, 'dangling.csv'));
        symlinkSync('circle.csv', join(path, 'circle.csv'));
      },
    );
  });

  it('may be the source itself: whoever names it means what it leads to', async () => {
    const path = createFolder(good);
    const place = mkdtempSync(join(tmpdir(), 'surveyor-link-'));
    symlinkSync(path, join(place, 'folder'));
    symlinkSync(join(path, 'good.csv'), join(place, 'alone.csv'));
    const [folder, file] = [await loadFolder(join(place, 'folder')), await loadFolder(join(place, 'alone.csv'))];
    expect([names(folder), names(file)]).toEqual([['good'], ['alone']]);
    folder.close();
    file.close();
    rmSync(path, { recursive: true });
    rmSync(place, { recursive: true });
  });
});

describe('entries that are no files', () => {
  it('are left out at once: pipes, sockets, devices', async () => {
    const server = createServer();
    const began = Date.now();
    await withFolder(
      good,
      async (folder) => {
        expect(await goodRows(folder)).toEqual([2]);
        for (const entry of ['pipe.csv', 'socket.csv', 'zero.csv'])
          expect(whyLeftOut(folder, entry)).toMatch(/a pipe, a socket or a device|leads out of the folder/);
      },
      (path) => {
        execFileSync('mkfifo', [join(path, 'pipe.csv')]);
        server.listen(join(path, 'socket.csv'));
        // A device where one may be made, else a link to one.
        try {
          execFileSync('mknod', [join(path, 'zero.csv'), 'c', '1', '5'], { stdio: 'ignore' });
        } catch {
          symlinkSync('/dev/zero', join(path, 'zero.csv'));
        }
      },
    );
    server.close();
    expect(Date.now() - began).toBeLessThan(10_000);
  });

  it('are subfolders, which are named with the files that they hold', async () => {
    await withFolder(
      { ...good, 'more/a.csv': 'x\n1\n', 'more/b.csv': 'x\n1\n', 'docs/readme.md': '#' },
      async (folder) => {
        expect(names(folder)).toEqual(['good']);
        expect(whyLeftOut(folder, 'more/')).toMatch(/a folder with 2 data files, which are not read here/);
        expect(whyLeftOut(folder, 'docs/')).toMatch(/without data files/);
      },
    );
  });
});

describe('names of files', () => {
  it('that would be one table are two, each with a note of its file', async () => {
    const clashing = {
      'sales.2024.csv': 'a\n1\n',
      'sales_2024.csv': 'a\n2\n',
      'other.csv': 'a\n3\n',
      'Other.tsv': 'a\n4\n',
    };
    await withFolder(clashing, async (folder) => {
      expect(names(folder).toSorted()).toEqual(['Other_tsv', 'other_csv', 'sales_2024_csv', 'sales_2024_csv_2']);
      for (const { table, notes } of folder.tables.filter(({ table }) => table.startsWith('sales'))) {
        const file = /the file (\S+),/.exec(notes[0]?.detail ?? '')?.[1] ?? '';
        expect(notes[0]?.kind).toBe('renamed');
        expect(await folder.rows(`SELECT a::INTEGER FROM "${table}"`)).toEqual([[file === 'sales.2024.csv' ? 1 : 2]]);
      }
    });
  });

  it('that are too long, or hold line breaks and quotes, make a table all the same', async () => {
    const odd = {
      [`${'long'.repeat(60)}.csv`]: 'a\n1\n',
      'two\nlines.csv': 'a\n2\n',
      '"quoted".csv': 'a\n3\n',
      "it's [1]*?.csv": 'a\n4\n',
    };
    await withFolder(odd, async (folder) => {
      expect(folder.tables).toHaveLength(4);
      const values = [];
      for (const { table } of folder.tables) {
        expect(table.length).toBeLessThanOrEqual(128);
        expect(table).not.toMatch(/\p{Cc}/u);
        values.push(...(await folder.rows(`SELECT a::INTEGER FROM "${table.replaceAll('"', '""')}"`)));
      }
      expect(values.flat().map(String).toSorted()).toEqual(['1', '2', '3', '4']);
      const renamed = folder.tables.filter(({ notes }) => notes.some(({ kind }) => kind === 'renamed'));
      expect(renamed).toHaveLength(2);
    });
  });

  it('that are those of parts are tables of their own, and told', async () => {
    await withFolder(
      { ...good, 'part-0001.csv': 'a\n1\n', 'part-0002.csv': 'a\n2\n', '~$book.xlsx': 'x', 'part-time.csv': 'a\n3\n' },
      async (folder) => {
        const told = folder.tables.flatMap(({ table, notes }) =>
          notes.some(({ detail }) => /2 files here may be the parts of one table/.test(detail)) ? [table] : [],
        );
        expect(told).toEqual(['part-0001', 'part-0002']);
        expect(whyLeftOut(folder, '~$book.xlsx')).toMatch(/what Excel keeps beside a workbook that is open/);
      },
    );
  });

  it('of other kinds are left out by name', async () => {
    await withFolder(
      { ...good, 'README.md': '#', 'notes.txt': 'a,b', '.hidden.csv': 'a\n1\n', '~$book.xlsx': 'x' },
      async (folder) => {
        expect(names(folder)).toEqual(['good']);
        expect(folder.left_out.map(({ name }) => name)).toEqual(['README.md', 'notes.txt', '~$book.xlsx']);
      },
    );
  });
});

const sqliteFile = (): Uint8Array => {
  const database = new DatabaseSync(':memory:');
  database.exec('CREATE TABLE t (a)');
  const place = mkdtempSync(join(tmpdir(), 'surveyor-sqlite-'));
  database.exec(`VACUUM INTO '${place}/made.sqlite'`);
  database.close();
  const read = readFileSync(join(place, 'made.sqlite'));
  rmSync(place, { recursive: true });
  return read;
};

const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n';

/** A container of Microsoft's whose list of streams names one that is encrypted. */
const encryptedWorkbook = (): Buffer => {
  const start = Buffer.alloc(512);
  start.write('d0cf11e0a1b11ae1', 'hex');
  start.writeUInt16LE(9, 30);
  start.writeUInt32LE(1, 48);
  const streams = Buffer.alloc(512);
  streams.write('EncryptedPackage', 128, 'utf16le');
  return Buffer.concat([start, Buffer.alloc(512), streams]);
};

/** An archive of one file. */
const tar = (content: string): Buffer => {
  const head = Buffer.alloc(512);
  head.write('table.csv', 0);
  head.write('ustar', 257);
  return Buffer.concat([head, Buffer.from(content.padEnd(512, '\0'))]);
};

describe('what a file really is', () => {
  it.each([
    ['empty.csv', '', /It is empty/],
    ['empty.parquet', '', /It is empty/],
    ['empty.json', '', /It is empty/],
    ['pointer.csv', pointer, /pointer of Git LFS.*git lfs pull/],
    ['pointer.parquet', pointer, /pointer of Git LFS/],
    ['annex.json', '/annex/objects/SHA256E-s3--ab.json\n', /git annex get/],
    ['text.parquet', 'a,b\n1,2\n', /not Parquet, but text/],
    ['cut.parquet', `PAR1${'x'.repeat(100)}`, /cut short/],
    ['text.xlsx', 'a,b\n1,2\n', /not an Excel workbook, but text/],
    ['old.xlsx', Buffer.from('d0cf11e0a1b11ae1', 'hex'), /Excel 97/],
    ['zipped.csv', Buffer.from('504b030414000000', 'hex'), /ZIP archive/],
    [
      'sheets.xlsx',
      Buffer.from(
        'PK\u0003\u0004'.padEnd(30, '\0') + 'mimetypeapplication/vnd.oasis.opendocument.spreadsheet',
        'latin1',
      ),
      /OpenDocument file.*Save it as \.xlsx/,
    ],
    ['secret.xlsx', encryptedWorkbook(), /encrypted with a password/],
    ['archive.csv', tar('id,v\n1,2\n'), /tar archive/],
    [
      'archive.csv.gz',
      gzipSync(tar('id,v\n1,2\n')),
      /packed, and what is packed is no text\. Unpack it first\. It is a tar/,
    ],
    ['twice.csv.gz', gzipSync(gzipSync('id,v\n1,2\n')), /Unpack it first\. It holds gzip/],
    ['hole.csv', Buffer.alloc(4096), /zero bytes alone/],
    ['letter.csv', '{\\rtf1\\ansi hello}', /RTF/],
    ['packed.csv', Buffer.from('BZh91AY'), /packed in a way that is not read/],
    ['arrow.csv', Buffer.from('ARROW1\0\0'), /Arrow/],
    ['login.csv', '<!DOCTYPE html>\n<html><head><title>Log in, please</title></head></html>\n', /page in HTML or XML/],
    ['error.json', '\n<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', /page in HTML or XML/],
    ['table.xlsx', '<table><tr><td>1</td></tr></table>', /page in HTML or XML/],
    ['cut.csv.gz', gzipSync(Buffer.alloc(10_000, 'ab\n')).subarray(0, 30), /cannot be unpacked as gzip/],
  ])('is told of %s, which fails alone', async (name, content, reason) => {
    await withFolder({ ...good, [name]: content }, async (folder) => {
      const table = names(folder).find((other) => other !== 'good') ?? '';
      expect(await folder.reason(table)).toMatch(reason);
      expect(await goodRows(folder)).toEqual([2]);
    });
  });

  it('is told of what has no data file’s name: archives, workbooks of other kinds, what is packed', async () => {
    const files = {
      ...good,
      'all.zip': Buffer.from('504b030414000000', 'hex'),
      'book.xlsb': Buffer.from('504b030414000000', 'hex'),
      'book.xls': Buffer.from('d0cf11e0a1b11ae1', 'hex'),
      'table.gz': gzipSync('id,v\n1,2\n'),
    };
    await withFolder(files, async (folder) => {
      expect(whyLeftOut(folder, 'all.zip')).toMatch(/ZIP archive\. Unpack it/);
      expect(whyLeftOut(folder, 'book.xlsb')).toMatch(/binary workbook.*Save it as \.xlsx/);
      expect(whyLeftOut(folder, 'book.xls')).toMatch(/Excel 97/);
      expect(whyLeftOut(folder, 'table.gz')).toMatch(/packed.*table\.csv\.gz/);
    });
  });

  it('is told of databases, which are sources of their own', async () => {
    await withFolder(
      { ...good, 'shop.sqlite': sqliteFile(), 'shop.db': sqliteFile(), 'as.csv': sqliteFile() },
      async (folder, path) => {
        expect(whyLeftOut(folder, 'shop.sqlite')).toContain(
          `SQLite database. Survey it as a source of its own: sqlite://${path}/shop.sqlite`,
        );
        expect(whyLeftOut(folder, 'shop.db')).toContain(`sqlite://${path}/shop.db`);
        expect(await folder.reason('as')).toContain(`sqlite://${path}/as.csv`);
      },
    );
  });

  it('counts more than its name: a Parquet file called .csv is read as one', async () => {
    const place = mkdtempSync(join(tmpdir(), 'surveyor-parquet-'));
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    await connection.run(`COPY (SELECT 7 AS n) TO '${place}/made.parquet' (FORMAT parquet)`);
    const parquet = readFileSync(join(place, 'made.parquet'));
    connection.closeSync();
    instance.closeSync();
    rmSync(place, { recursive: true });
    await withFolder({ ...good, 'really.csv': parquet, 'export.dat': parquet }, async (folder) => {
      expect(await folder.rows('FROM really')).toEqual([[7]]);
      expect(folder.tables.find(({ table }) => table === 'really')?.notes).toMatchObject([{ kind: 'read_as' }]);
      expect(whyLeftOut(folder, 'export.dat')).toMatch(/a Parquet file\. Give it a name that ends in \.parquet/);
    });
  });

  it.each([
    ['list.csv', '[{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]'],
    ['lines.csv', '{"a": 1, "b": "x,y"}\n{"a": 2, "b": "y"}\n'],
    ['pretty.tsv', '{\n  "rows": [{"a": 1, "b": "x"},\n {"a": 2, "b": "y"}]\n}\n'],
  ])('counts more than its name: %s holds JSON and is read as that', async (name, content) => {
    await withFolder({ ...good, [name]: content }, async (folder) => {
      const table = names(folder).find((other) => other !== 'good') ?? '';
      expect(await folder.rows(`SELECT count(*)::INTEGER, max(a)::INTEGER FROM ${table}`)).toEqual([[2, 2]]);
      expect(folder.tables.find((one) => one.table === table)?.notes[0]).toEqual({
        kind: 'read_as',
        detail: expect.stringContaining('JSON, and was read as that') as string,
      });
    });
  });

  it('is CSV where fields alone are JSON', async () => {
    await withFolder({ 'fields.csv': '{"k":1},2\n{"k":2},3\n', 'names.csv': '[{x}],b\n1,2\n' }, async (folder) => {
      expect(await folder.rows('SELECT count(*)::INTEGER FROM fields')).toEqual([[2]]);
      expect(await folder.rows('SELECT count(*)::INTEGER FROM names')).toEqual([[1]]);
    });
  });

  it.each([
    ['a PNG image', Buffer.from('\u0089PNG\r\n\u001a\n\u0000\u0000\u0000\rIHDR', 'latin1'), /It is a PNG image/],
    ['a JPEG image', Buffer.from('\u00ff\u00d8\u00ff\u00e0\u0000\u0010JFIF', 'latin1'), /It is a JPEG image/],
    ['a program', Buffer.from('\u007fELF\u0002\u0001', 'latin1'), /It is a program/],
    [
      'another binary file',
      Buffer.from('KIND\u0000\u0001\u0000\u0081\u008d\n\u0090', 'latin1'),
      /It is a binary file, no text/,
    ],
  ])('is told of %s that is called .csv', async (_, content, reason) => {
    await withFolder({ ...good, 'shot.csv': content }, async (folder) => {
      expect(await folder.reason('shot')).toMatch(reason);
      expect(await goodRows(folder)).toEqual([2]);
    });
  });

  it.each([
    ['csv', 'a,b\n1,2\n3,4\n'],
    ['ndjson', '{"a":1}\n{"a":2}\n'],
    ['json', '[{"a":1},'],
    ['csv', ''],
  ])('fails at once where a .%s file was never filled, however large it is', async (ending, content) => {
    const began = Date.now();
    await withFolder(
      { ...good, [`sparse.${ending}`]: content },
      async (folder) => {
        expect(await folder.reason('sparse')).toMatch(/zero bytes/);
        expect(await goodRows(folder)).toEqual([2]);
      },
      (path) => truncateSync(join(path, `sparse.${ending}`), 256 * 1024 ** 3),
    );
    expect(Date.now() - began).toBeLessThan(10_000);
  });

  it('fails alone where reading it takes the time of all', async () => {
    // Each second line is an odd one, so that no quick way reads it.
    const long = 'id,text\n'.concat('1,"a ""quote"" b\n2,c " d\n'.repeat(3_000_000));
    const path = createFolder({ 'a.csv': long, 'b.csv': 'a,b\n1,2\n', 'c.json': '[{"a":1}]' });
    const began = Date.now();
    const folder = await loadFolder(path, 4);
    expect(await folder.reason('a')).toMatch(/It was not read within 2 s/);
    expect(await folder.rows('FROM b')).toEqual([[1n, 2n]]);
    expect(await folder.rows('FROM c')).toEqual([[1n]]);
    folder.close();
    rmSync(path, { recursive: true });
    expect(Date.now() - began).toBeLessThan(30_000);
  });

  it('does not grow with a line that does not end', async () => {
    await withFolder({ ...good, 'endless.csv': Buffer.alloc(300 * 1024 ** 2, 'a') }, async (folder) => {
      expect(await folder.reason('endless')).toMatch(/without the end of a line/);
      expect(await goodRows(folder)).toEqual([2]);
    });
  });

  it('bounds what it unpacks to', async () => {
    const bomb = Buffer.alloc(1024 ** 3, 'a,b\n1,2\n');
    const began = Date.now();
    await withFolder(
      { ...good, 'bomb.csv.gz': gzipSync(bomb), 'bomb.json.zst': zstdCompressSync(bomb) },
      async (folder) => {
        expect(await folder.reason('bomb_csv_gz')).toMatch(/unpacks to more than 256 MiB/);
        expect(await folder.reason('bomb_json_zst')).toMatch(/unpacks to more than 256 MiB/);
        expect(await goodRows(folder)).toEqual([2]);
      },
    );
    expect(Date.now() - began).toBeLessThan(60_000);
  });
});
