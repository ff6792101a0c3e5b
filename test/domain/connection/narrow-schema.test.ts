import { describe, expect, it } from 'vitest';
import type { Engine } from '../../../src/contracts/engine.ts';
import type { DatabaseSchema, NotVisible, TableSchema } from '../../../src/contracts/schema.ts';
import { narrowSchema } from '../../../src/domain/connection/narrow-schema.ts';

const table = (name: string, ...to: readonly string[]): TableSchema => ({
  name,
  kind: 'table',
  columns: [],
  constraints: to.map((other) => ({
    kind: 'foreign_key',
    columns: ['other_id'],
    references: { table: other, columns: ['id'] },
  })),
});
const schemaOf = (
  tables: readonly TableSchema[],
  more: { readonly engine?: Engine; readonly not_visible?: readonly NotVisible[] } = {},
): DatabaseSchema => ({
  engine: 'postgres',
  engine_version: '16',
  default_schema: 'public',
  not_visible: [],
  ...more,
  tables,
});
const names = ({ tables }: DatabaseSchema): readonly string[] => tables.map(({ name }) => name);

describe('narrowing a schema to the tables of a run', () => {
  const whole = schemaOf([table('orders', 'customers', 'salaries'), table('customers'), table('salaries')]);

  it('leaves it whole where no tables were named, and where the database is only opened', () => {
    expect(narrowSchema(whole, {})).toEqual({ schema: whole });
    expect(narrowSchema(whole, { asked: [] })).toEqual({ schema: whole });
  });

  it('names no other table in notes, and nothing that lies beside the tables', () => {
    const part = {
      ...table('orders'),
      notes: [{ kind: 'part_of' as const, of: ['customers', 'salaries'], detail: 'in' }],
    };
    const { schema } = narrowSchema(
      {
        ...schemaOf([part, table('customers'), table('salaries')]),
        left_out: [
          { name: 'numbers', detail: 'a sequence' },
          { name: 'Customers', detail: 'a file' },
        ],
      },
      { asked: ['orders', 'customers'] },
    );
    expect(schema.tables[0]?.notes).toEqual([{ kind: 'part_of', of: ['customers'], detail: 'in' }]);
    expect(schema.left_out).toEqual([]);
  });

  it('takes the named tables, and says which are not the run’s', () => {
    const { schema, not_asked } = narrowSchema(whole, { asked: ['public.orders', 'customers'] });
    expect(names(schema)).toEqual(['orders', 'customers']);
    expect(not_asked).toEqual(['salaries']);
  });

  it('is narrowed by naming tables even where all of them are named', () => {
    expect(narrowSchema(whole, { asked: ['orders', 'customers', 'salaries'] }).not_asked).toEqual([]);
  });

  it('tells of a foreign key to another table that it leads outside, and nothing else', () => {
    const { schema } = narrowSchema(whole, { asked: ['orders', 'customers'] });
    expect(schema.tables[0]?.constraints).toEqual([
      { kind: 'foreign_key', columns: ['other_id'], references: { table: 'customers', columns: ['id'] } },
      { kind: 'foreign_key', columns: ['other_id'], outside: true },
    ]);
    expect(JSON.stringify(schema)).not.toContain('salaries');
  });

  it('knows a table that a key writes in other letters, where the engine does', () => {
    const to = (engine: Engine) =>
      narrowSchema(schemaOf([table('orders', 'Customers'), table('customers')], { engine }), {
        asked: ['orders', 'customers'],
      }).schema.tables[0]?.constraints[0];
    expect(to('sqlite')).toMatchObject({ references: { table: 'Customers' } });
    expect(to('postgres')).toMatchObject({ outside: true });
  });

  it('tells of what cannot be seen only what is the run’s', () => {
    const not_visible: readonly NotVisible[] = [
      { what: 'table', name: 'wages', detail: 'hidden' },
      { what: 'table', name: 'refunds', detail: 'hidden' },
      { what: 'columns', name: 'orders', columns: ['note'], detail: 'hidden' },
      { what: 'columns', name: 'salaries', columns: ['amount'], detail: 'hidden' },
      { what: 'table', name: 'hr', tables: ['hr.wages', 'hr.refunds'], detail: 'hidden' },
    ];
    const { schema } = narrowSchema(schemaOf(whole.tables, { not_visible }), {
      asked: ['orders', 'public.refunds', 'hr.refunds'],
    });
    expect(schema.not_visible).toEqual([
      { what: 'table', name: 'refunds', detail: 'hidden' },
      { what: 'columns', name: 'orders', columns: ['note'], detail: 'hidden' },
      { what: 'table', name: 'hr', tables: ['hr.refunds'], detail: 'hidden' },
    ]);
  });

  it('tells of rights, notes and entries left out without the name of another table', () => {
    const part = { kind: 'part_of', detail: 'It inherits from public.salaries.' } as const;
    const { schema } = narrowSchema(
      {
        ...whole,
        tables: whole.tables.map((one) => ({ ...one, notes: [part, { kind: 'read_as', detail: 'As it is.' }] })),
        left_out: [{ name: 'secret.txt', detail: 'no data' }],
        role: {
          name: 'r',
          can_write: true,
          found: ['INSERT on public.orders', 'DELETE on public.salaries', 'CREATEROLE'],
        },
      },
      { asked: ['orders'] },
    );
    expect(schema.tables[0]?.notes).toEqual([{ kind: 'read_as', detail: 'As it is.' }]);
    expect(schema.left_out).toEqual([]);
    expect(schema.role?.found).toEqual(['INSERT on public.orders', 'DELETE on a table outside this run', 'CREATEROLE']);
  });

  describe('of a run that goes on', () => {
    const grown = schemaOf([...whole.tables, table('bonuses')]);
    const kept = names(whole);

    it('keeps its tables, though there are others by now', () => {
      const { schema, not_asked } = narrowSchema(grown, { kept });
      expect(names(schema)).toEqual(kept);
      expect(not_asked).toEqual(['bonuses']);
    });

    it('keeps what is left of them, and fails where nothing is', () => {
      const left = narrowSchema(schemaOf([table('orders'), table('bonuses')]), { kept });
      expect(names(left.schema)).toEqual(['orders']);
      expect(() => narrowSchema(schemaOf([table('bonuses')]), { kept })).toThrow('There is no table "orders"');
    });

    it('is not widened by what it was asked for', () => {
      expect(names(narrowSchema(grown, { asked: ['orders', 'bonuses'], kept: ['orders'] }).schema)).toEqual(['orders']);
    });
  });

  it('fails at a name that is not there', () => {
    expect(() => narrowSchema(whole, { asked: ['order'] })).toThrow('is "orders" meant?');
  });
});
