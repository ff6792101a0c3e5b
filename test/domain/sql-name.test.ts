import { describe, expect, it } from 'vitest';
import { quoteTable, quoteText, standardNames } from '../../src/domain/sql-name.ts';
import { mysqlNames } from '../../src/domain/engines/mysql/names.ts';

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
    expect(mysqlNames.quoteTable(name)).toBe(mysql);
  });

  it('and a text as a literal keep their quotes', () => {
    expect(quoteText(`it's "so"`)).toBe(`'it''s "so"'`);
  });

  it('has its backslashes doubled in a text of MySQL alone', () => {
    expect(standardNames.quoteText(String.raw`\d'`)).toBe(String.raw`'\d'''`);
    expect(mysqlNames.quoteText(String.raw`\d'`)).toBe(String.raw`'\\d'''`);
    expect(mysqlNames.quoteText(String.raw`\'; DROP`)).toBe(String.raw`'\\''; DROP'`);
  });
});
