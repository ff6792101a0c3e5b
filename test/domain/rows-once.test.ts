import { describe, expect, it } from 'vitest';
import type { TableSchema } from '../../src/contracts/schema.ts';
import { rowsOnce } from '../../src/domain/rows-once.ts';

const table = (name: string, more: Partial<TableSchema> = {}) => ({
  table: name,
  schema: { name, kind: 'table', columns: [], constraints: [], ...more } satisfies TableSchema,
});
const partOf = (...of: readonly string[]): Partial<TableSchema> => ({
  notes: [{ kind: 'part_of', of, detail: 'it inherits' }],
});
const names = (...tables: readonly ReturnType<typeof table>[]): readonly string[] =>
  rowsOnce(tables).map((one) => one.table);

describe('rows that are counted once', () => {
  it('are neither those of views nor those of parts of other tables', () => {
    expect(
      names(
        table('a'),
        table('a_1', partOf('a')),
        table('v', { kind: 'view' }),
        table('m', { kind: 'materialized_view' }),
      ),
    ).toEqual(['a']);
  });

  it('are those of a part where what holds it is not among the tables', () => {
    expect(names(table('a_1', partOf('a')), table('a_1_x', partOf('a', 'a_1')))).toEqual(['a_1']);
  });
});
