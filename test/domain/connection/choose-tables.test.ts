import { describe, expect, it } from 'vitest';
import { chooseTables, maxTables } from '../../../src/domain/connection/choose-tables.ts';

const tablesIn = (default_schema: string | undefined, ...names: readonly string[]) => ({
  ...(default_schema === undefined ? {} : { default_schema }),
  tables: names.map((name) => ({ name, kind: 'table' as const, columns: [], constraints: [] })),
});
const tables = (...names: readonly string[]) => tablesIn('public', ...names);
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
    expect(() => chooseTables(tables(), ['orders'])).toThrow(expect.objectContaining({ kind: 'DATABASE_EMPTY' }));
    expect(() => chooseTables(tables(), undefined)).toThrow(expect.objectContaining({ kind: 'DATABASE_EMPTY' }));
  });

  it('that do not exist are all named, with the ones that may have been meant', () => {
    expect(() => chooseTables(tables('orders', 'customers'), ['order', 'customers', 'zebra'])).toThrow(
      expect.objectContaining({
        kind: 'TABLE_NOT_FOUND',
        message: 'There is no table "order" (is "orders" meant?), "zebra". There are: orders, customers.',
      }),
    );
  });

  describe('of which the role may not read some', () => {
    const detail = 'Role r may not read it. GRANT SELECT ON "hr"."secret" TO "r" would show it.';
    const schema = {
      ...tables('hr.dept', 'a'),
      not_visible: [
        { what: 'table' as const, name: 'hr.secret', detail },
        { what: 'table' as const, name: 'pay', tables: ['pay.x', 'pay.y'], detail: 'None of pay.' },
        { what: 'columns' as const, name: 'gone', columns: ['c'], detail: 'Not c.' },
      ],
    };

    it('says of a name that may be a partition’s what it is surveyed with', () => {
      const whole = { name: 'orders', kind: 'partitioned_table', columns: [], constraints: [] } as const;
      expect(() => chooseTables({ tables: [whole] }, ['orders_2023'])).toThrow(
        /There are: orders\. A partition is surveyed with the table that it is a part of/,
      );
    });

    it('are the others', () => {
      expect(namesOf(chooseTables(schema, ['hr.secret', 'hr.dept', '"pay"."y"', 'public.a']))).toEqual([
        'hr.dept',
        'a',
      ]);
    });

    it('are refused with the grant that would help where it may read none that was asked for', () => {
      expect(() => chooseTables(schema, ['hr.secret', 'pay.x'])).toThrow(
        expect.objectContaining({
          kind: 'DATABASE_REFUSED',
          message: `None of the tables that were asked for can be read. "hr.secret": ${detail} "pay.x": None of pay.`,
        }),
      );
    });

    it('do not exist where the name is unknown', () => {
      expect(() => chooseTables(schema, ['hr.secret', 'hr.dept', 'hr.other', 'gone'])).toThrow(
        expect.objectContaining({
          kind: 'TABLE_NOT_FOUND',
          message: expect.stringMatching(/^There is no table "hr.other"[^,]*, "gone"/),
        }),
      );
    });

    it('may be there unseen where the server lists granted ones alone', () => {
      const role = { name: 'r', can_write: false, found: [], lists_only_granted: true as const };
      expect(() => chooseTables({ ...tables('a'), role }, ['b'])).toThrow(/not listed while r has no grant on it/);
    });
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

  it('may be written with the default schema, which the names themselves leave out, and once each', () => {
    expect(namesOf(chooseTables(tables('track', 'sales.c'), ['public.track', 'track', '"public"."track"']))).toEqual([
      'track',
    ]);
    expect(namesOf(chooseTables(tablesIn('shop', 'track'), ['shop.track']))).toEqual(['track']);
    expect(namesOf(chooseTables(tablesIn('my.shop', '"a.b"'), ['"my.shop"."a.b"']))).toEqual(['"a.b"']);
  });

  it('are not found by a schema that is the default one elsewhere', () => {
    for (const schema of ['main', 'shop', 'Public'])
      expect(() => chooseTables(tables('track'), [`${schema}.track`])).toThrow('is "track" meant?');
    expect(() => chooseTables(tablesIn(undefined, 'track'), ['public.track'])).toThrow('is "track" meant?');
    const searched = tablesIn('sales', 'track', 'public.track');
    expect(namesOf(chooseTables(searched, ['public.track']))).toEqual(['public.track']);
    expect(namesOf(chooseTables(searched, ['sales.track']))).toEqual(['track']);
  });

  it('are found in other schemas for the hint, quoted once', () => {
    const there = tables('Mixed Schema.Order', 'sales."a.b"');
    expect(() => chooseTables(there, ['Order'])).toThrow('There is no table "Order" (is "Mixed Schema.Order" meant?)');
    expect(() => chooseTables(there, ['"a.b"'])).toThrow('There is no table "a.b" (is sales."a.b" meant?)');
  });
});
