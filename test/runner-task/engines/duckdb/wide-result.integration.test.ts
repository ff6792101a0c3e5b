import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, type Database } from '../../../../runner-task/supervisor/database.ts';

const mebibyte = 1024 * 1024;
// One chunk of DuckDB's, 2,048 rows, is 80 MB; a result of all is 200 MB.
const cellBytes = 40_000;
const rows = 5_000;

describe('a result of wide rows', () => {
  const folder = mkdtempSync(join(tmpdir(), 'surveyor-wide-'));
  let database: Database;
  beforeAll(async () => {
    const path = join(folder, 'wide.duckdb');
    const instance = await DuckDBInstance.create(path);
    const connection = await instance.connect();
    await connection.run(
      `CREATE TABLE wide AS SELECT i, repeat(chr(97 + (i % 26)::INT), ${cellBytes}) AS text FROM range(${rows}) r(i)`,
    );
    connection.closeSync();
    instance.closeSync();
    database = createDatabase(
      { memory_bytes: 768 * mebibyte, spill_folder: join(folder, 'spill'), python: 'none' },
      folder,
    );
    await database.open({ engine: 'duckdb', path });
  });
  afterAll(() => {
    database?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const read = (bytes: number) => database.run('SELECT i, text FROM wide', { rows: 200_000, bytes, seconds: 60 });

  it('is cut at the limit of bytes, and costs no more than DuckDB takes for it', async () => {
    const table = await read(64 * mebibyte);
    expect(table).toMatchObject({ truncated: true, rows: Math.floor((64 * mebibyte) / (cellBytes + 3 + 8)) });
    expect(table.values[1]?.at(-1)).toHaveLength(cellBytes);
  });

  it('leaves no memory to the next ones, however many follow', async () => {
    const cut: number[] = [];
    for (let times = 0; times < 12; times += 1) cut.push((await read(mebibyte)).rows);
    expect(cut).toEqual(Array.from({ length: 12 }, () => Math.floor(mebibyte / (cellBytes + 3 + 8))));
  });
});
