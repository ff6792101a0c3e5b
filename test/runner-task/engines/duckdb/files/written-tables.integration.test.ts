import { expect, it } from 'vitest';
import { readWrittenTables } from './written-tables.ts';

it(
  'reads 110 tables of independent writers, CSV, JSON, Parquet, Excel and SQLite, as they were written',
  { timeout: 600_000 },
  async () => {
    const { equal, told, silent, values } = await readWrittenTables(110, 3);
    expect(silent).toEqual([]);
    expect(equal + told.length).toBe(110);
    expect(equal).toBeGreaterThan(100);
    expect(values).toBeGreaterThan(5_000);
  },
);
