import { describe, expect, it } from 'vitest';
import { chooseTables, maxTables } from '../../../src/domain/connection/choose-tables.ts';

const tables = (...names: readonly string[]) =>
  names.map((name) => ({ name, kind: 'table' as const, columns: [], constraints: [] }));
const namesOf = (chosen: readonly { readonly name: string }[]) => chosen.map(({ name }) => name);
const many = Array.from({ length: maxTables + 1 }, (_, index) => `t${index}`);

describe('the tables of a run', () => {
  it('are all of them where none is named', () => {
    expect(namesOf(chooseTables(tables('a', 'b'), undefined))).toEqual(['a', 'b']);
  });

  it('are the named ones, in the order they are named', () => {
    expect(namesOf(chooseTables(tables('a', 'b', 'sales.c'), ['sales.c', 'a']))).toEqual(['sales.c', 'a']);
  });

  it('cannot be taken from a database without any', () => {
    expect(() => chooseTables([], ['orders'])).toThrow(expect.objectContaining({ kind: 'DATABASE_EMPTY' }));
    expect(() => chooseTables([], undefined)).toThrow(expect.objectContaining({ kind: 'DATABASE_EMPTY' }));
  });

  it('that do not exist are all named, with the ones that may have been meant', () => {
    expect(() => chooseTables(tables('orders', 'customers'), ['order', 'customers', 'zebra'])).toThrow(
      expect.objectContaining({
        kind: 'TABLE_NOT_FOUND',
        message: 'There is no table "order" (is "orders" meant?), "zebra". There are: orders, customers.',
      }),
    );
  });

  it('that exist are listed up to twenty', () => {
    expect(() => chooseTables(tables(...many), ['nothing like it'])).toThrow(/t0, t1, .*, t19 and 981 more\.$/);
  });

  it('may be a thousand, and more only by name', () => {
    expect(chooseTables(tables(...many.slice(1)), undefined)).toHaveLength(maxTables);
    expect(() => chooseTables(tables(...many), undefined)).toThrow(
      expect.objectContaining({ kind: 'INVALID_REQUEST', message: expect.stringContaining('1001 tables') as string }),
    );
    expect(namesOf(chooseTables(tables(...many), ['t1000']))).toEqual(['t1000']);
  });

  it('may be written with the default schema, which the names themselves leave out', () => {
    expect(namesOf(chooseTables(tables('track', 'sales.c'), ['public.track', 'track']))).toEqual(['track']);
    expect(() => chooseTables(tables('track', 'public.other'), ['public.track'])).toThrow('is "track" meant?');
  });

  it('are found in other schemas for the hint, quoted once', () => {
    const there = tables('Mixed Schema.Order', 'sales."a.b"');
    expect(() => chooseTables(there, ['Order'])).toThrow('There is no table "Order" (is "Mixed Schema.Order" meant?)');
    expect(() => chooseTables(there, ['"a.b"'])).toThrow('There is no table "a.b" (is sales."a.b" meant?)');
  });
});
