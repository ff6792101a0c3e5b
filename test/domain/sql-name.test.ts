import { describe, expect, it } from 'vitest';
import { quoteTable, quoteText, sqlNames } from '../../src/domain/sql-name.ts';

describe('a name in SQL', () => {
  it.each([
    ['orders', '"orders"', '`orders`'],
    ['sales.orders', '"sales"."orders"', '`sales`.`orders`'],
    ['größe "x"', '"größe ""x"""', '`größe "x"`'],
    ['sales."2024.orders"', '"sales"."2024.orders"', '`sales`.`2024.orders`'],
    ['"a.b"', '"a.b"', '`a.b`'],
    ['"a.""b"', '"a.""b"', '`a."b`'],
    ['"a"b', '"""a""b"', '`"a"b`'],
    ['a..b', '"a..b"', '`a..b`'],
    ['.a', '".a"', '`.a`'],
    ['a.', '"a."', '`a.`'],
    ['back`tick', '"back`tick"', '`back``tick`'],
  ])('of the table %s is %s, in MySQL %s', (name, sql, mysql) => {
    expect(quoteTable(name)).toBe(sql);
    expect(sqlNames('postgres').quoteTable(name)).toBe(sql);
    expect(sqlNames('mysql').quoteTable(name)).toBe(mysql);
  });

  it('and a text as a literal keep their quotes', () => {
    expect(quoteText(`it's "so"`)).toBe(`'it''s "so"'`);
  });

  it('has its backslashes doubled in a text of MySQL alone', () => {
    expect(sqlNames('duckdb').quoteText(String.raw`\d'`)).toBe(String.raw`'\d'''`);
    expect(sqlNames('postgres').quoteText(String.raw`\d'`)).toBe(String.raw`'\d'''`);
    expect(sqlNames('mysql').quoteText(String.raw`\d'`)).toBe(String.raw`'\\d'''`);
    expect(sqlNames('mysql').quoteText(String.raw`\'; DROP`)).toBe(String.raw`'\\''; DROP'`);
  });
});
