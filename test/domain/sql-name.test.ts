import { describe, expect, it } from 'vitest';
import { quoteTable, quoteText } from '../../src/domain/sql-name.ts';

describe('a name in SQL', () => {
  it.each([
    ['orders', '"orders"'],
    ['sales.orders', '"sales"."orders"'],
    ['größe "x"', '"größe ""x"""'],
    ['sales."2024.orders"', '"sales"."2024.orders"'],
    ['"a.b"', '"a.b"'],
    ['"a.""b"', '"a.""b"'],
    ['"a"b', '"""a""b"'],
    ['a..b', '"a..b"'],
    ['.a', '".a"'],
    ['a.', '"a."'],
  ])('of the table %s is %s', (name, sql) => {
    expect(quoteTable(name)).toBe(sql);
  });

  it('and a text as a literal keep their quotes', () => {
    expect(quoteText(`it's "so"`)).toBe(`'it''s "so"'`);
  });
});
