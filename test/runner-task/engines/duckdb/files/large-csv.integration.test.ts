import { mkdtempSync, rmSync, writeFileSync, appendFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadFiles } from '../../../../../runner-task/supervisor/engines/duckdb/files/load-files.ts';

/** More than is read into memory, so that each statement reads the file anew. */
const megabytes = 260;

describe('a CSV file that is too large for memory', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'surveyor-large-'));
    const path = join(folder, 'it\'s [1] "large".csv');
    const filler = 'x'.repeat(1_000);
    const lines = Array.from({ length: 1_000 }, (_, index) => `${index},${filler}\n`).join('');
    writeFileSync(path, 'the "number",text\n');
    for (let written = 0; written < megabytes; written += 1) appendFileSync(path, lines);
    appendFileSync(path, '1.5,late\n');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('keeps a late fraction in a column of whole numbers as it is', async () => {
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    const { tables } = await loadFiles(connection, folder);
    const table = tables[0]?.table ?? '';
    const read = await connection.runAndReadAll(
      `SELECT count(*)::INTEGER, count_if("the ""number""" = 1.5)::INTEGER FROM "${table.replaceAll('"', '""')}"`,
    );
    expect(read.getRows()).toEqual([[260_001, 1]]);
    connection.closeSync();
    instance.closeSync();
  });
});
