import { expect, it } from 'vitest';
import { readWrittenTables } from './written-tables.ts';

it(
  'reads 990 tables of independent writers as they were written, or says what is otherwise',
  { timeout: 1_200_000 },
  async () => {
    const { equal, told, silent } = await readWrittenTables(990, 2026);
    expect(silent).toEqual([]);
    expect(equal + told.length).toBe(990);
    expect(equal).toBeGreaterThan(900);
  },
);
