import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadBytes } from './read-back.ts';

const lines = (count: number, line: (row: number) => string): string =>
  Array.from({ length: count }, (_, row) => `${line(row)}\n`).join('');

/** Words in an encoding that is not UTF-8, as bytes. */
const foreign = {
  'Windows-1251': [0xcc, 0xee, 0xf1, 0xea, 0xe2, 0xe0],
  'Shift JIS': [0x93, 0x8c, 0x8b, 0x9e],
  GBK: [0xb1, 0xb1, 0xbe, 0xa9],
} as const;

describe('a CSV file that other programs wrote', () => {
  const folder = mkdtempSync(join(tmpdir(), 'surveyor-other-csv-'));
  let connection: DuckDBConnection;
  beforeAll(async () => {
    connection = await (await DuckDBInstance.create(':memory:', { threads: '2' })).connect();
  });
  afterAll(() => {
    connection.closeSync();
    rmSync(folder, { recursive: true, force: true });
  });
  const read = async (content: string | Buffer, directFrom = Number.POSITIVE_INFINITY) =>
    loadBytes(connection, folder, Buffer.from(content), directFrom);

  it.each([
    ['ISO 8601', 'item,2024-01-01,2024-01-02,2024-01-03'],
    ['month first', 'item,1/22/20,1/23/20,1/24/20'],
    ['months', 'item,2024-01,2024-02,2024-03'],
  ])('keeps days that are names of columns: %s', async (_, names) => {
    const found = await read(`${names}\n${lines(12, (row) => `i${row},${row},${row * 2},${row * 3}`)}`);
    expect(found.names).toEqual(names.split(','));
    expect(found.rows).toHaveLength(12);
  });

  it.each([
    ['whole', ['-0', '0', '7']],
    ['with a fraction', ['-0.0', '0.0', '1.5']],
    ['with an exponent', ['-0e0', '0.5', '1.5']],
  ])('keeps a zero below zero, which no number tells from zero, as it is written: %s', async (_, values) => {
    for (const directFrom of [0, Number.POSITIVE_INFINITY]) {
      const found = await read(`id,v\n${lines(12, (row) => `${row},${values[row % 3]}`)}`, directFrom);
      expect(found.rows.map(([, value]) => value)).toEqual(Array.from({ length: 12 }, (__, row) => values[row % 3]));
    }
  });

  it('has no names where days stand in all rows', async () => {
    const found = await read(lines(12, (row) => `i${row},2024-01-${row + 10},${row}`));
    expect(found.rows).toHaveLength(12);
  });

  it.each([
    ['each line in quotes', lines(20, (row) => (row === 0 ? '"id,""name"",v"' : `"${row},""n${row}"",${row}"`))],
    ['each line in quotes, with semicolons', lines(20, (row) => (row === 0 ? '"id;name"' : `"${row};n"`))],
  ])('fails where its columns are in one: %s', async (_, content) => {
    await expect(read(content)).rejects.toThrow(/in quotes as a whole/);
  });

  it('fails where its columns have a fixed width', async () => {
    const row = (...fields: readonly (string | number)[]): string =>
      fields.map((field) => String(field).padEnd(8)).join('');
    await expect(read(`${row('id', 'name', 'town')}\n${lines(20, (id) => row(id, `n${id}`, 'Oslo'))}`)).rejects.toThrow(
      /fixed width/,
    );
  });

  it('is one column where a name has a comma and values are free texts', async () => {
    const found = await read(`"Name, first"\n${lines(20, (row) => `"${'word, '.repeat(row % 4)}end"`)}`);
    expect([found.names, found.rows.length]).toEqual([['Name, first'], 20]);
  });

  it('keeps quoted texts of several megabytes, by either reader', async () => {
    const long = `${'x,"y"\n'.repeat(250_000)}end`;
    for (const directFrom of [0, Number.POSITIVE_INFINITY]) {
      const found = await read(`id,text\n1,"${long.replaceAll('"', '""')}"\n2,short\n`, directFrom);
      expect(found.rows.map(([, text]) => text === long || text)).toEqual([true, 'short']);
      expect(found.notes.filter(({ detail }) => detail.includes('quote'))).toEqual([]);
    }
  });

  it.each(Object.entries(foreign))('fails in %s, which would come out as other signs', async (_, word) => {
    const row = (id: number): Buffer => Buffer.from([0x30 + (id % 10), 0x2c, ...word, 0x0a]);
    const content = Buffer.concat([Buffer.from('id,town\n'), ...Array.from({ length: 20 }, (__, id) => row(id))]);
    await expect(read(content)).rejects.toThrow(/nor in an encoding of Western Europe.*line 2.*iconv/);
  });

  it('is read in Latin-1 where letters beyond ASCII stand alone and in pairs', async () => {
    const content = Buffer.from(`id,town\n${lines(20, (row) => `${row},Größe Århus à la çöl`)}`, 'latin1');
    expect((await read(content)).rows[0]?.[1]).toBe('Größe Århus à la çöl');
  });
});
