import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import type { ColumnSchema, NotVisible, TableConstraint, TableSchema } from '../../../../src/contracts/schema.ts';
import { quoteName, quoteText } from '../../../../src/domain/sql-name.ts';
import type { OpenedDatabase } from '../open-engine.ts';
import { addressOf } from '../table-address.ts';
import { createRelationFinder } from './policy/find-relation.ts';
import { readVirtualTable, type VirtualTable } from './virtual-table.ts';
import { foldAscii } from '../fold-ascii.ts';

/** What a file was found to hold. */
export type ReadSchema = OpenedDatabase & {
  /** Virtual tables, and the views that read them. */
  readonly unreadable: readonly string[];
  /** All names of tables and views. */
  readonly names: readonly string[];
};

const ObjectRow = z.object({
  type: z.enum(['table', 'view']),
  name: z.string(),
  rootpage: z.number().nullable(),
  sql: z.string().nullable(),
});
type ObjectRow = z.infer<typeof ObjectRow>;

/** How SQLite marks a generated column whose values are not stored. */
const computedWhenRead = 2;

const ColumnRow = z.object({
  name: z.string(),
  type: z.string(),
  notnull: z.number(),
  pk: z.number(),
  hidden: z.number(),
});
const IndexRow = z.object({ name: z.string(), unique: z.number(), origin: z.string(), partial: z.number() });
const IndexColumnRow = z.object({ name: z.string().nullable() });
const ReferenceRow = z.object({ id: z.number(), table: z.string(), from: z.string(), to: z.string().nullable() });

const ask = <T>(database: DatabaseSync, sql: string, row: z.ZodType<T>): readonly T[] =>
  z.array(row).parse(database.prepare(sql).all());

/** A view whose tables are gone, or that is no SELECT any more, has no columns; reading it says why. */
const columnRowsOf = (database: DatabaseSync, name: string): readonly z.infer<typeof ColumnRow>[] => {
  try {
    return ask(
      database,
      `SELECT name, type, "notnull", pk, hidden FROM pragma_table_xinfo(${quoteText(name)})`,
      ColumnRow,
    );
  } catch {
    return [];
  }
};

/** Of keys that are made by several columns the order counts. */
const primaryKey = (rows: readonly z.infer<typeof ColumnRow>[]): readonly string[] =>
  rows
    .filter(({ pk }) => pk > 0)
    .toSorted((a, b) => a.pk - b.pk)
    .map(({ name }) => name);

const uniqueKeys = (database: DatabaseSync, table: string): readonly TableConstraint[] =>
  ask(
    database,
    `SELECT name, "unique", origin, partial FROM pragma_index_list(${quoteText(table)}) ORDER BY seq DESC`,
    IndexRow,
  )
    .filter(({ unique, origin, partial }) => unique === 1 && origin !== 'pk' && partial === 0)
    .flatMap((index) => {
      const rows = ask(
        database,
        `SELECT name FROM pragma_index_info(${quoteText(index.name)}) ORDER BY seqno`,
        IndexColumnRow,
      );
      const columns = rows.flatMap(({ name }) => name ?? []);
      // An index of an expression has a column without a name.
      return columns.length === rows.length ? [{ kind: 'unique' as const, columns }] : [];
    });

const references = (database: DatabaseSync, table: string): readonly TableConstraint[] => {
  const sql = `SELECT id, "table", "from", "to" FROM pragma_foreign_key_list(${quoteText(table)}) ORDER BY id DESC, seq`;
  const keys = Map.groupBy(ask(database, sql, ReferenceRow), ({ id }) => id);
  return [...keys.values()].map((rows) => {
    const target = rows[0]?.table ?? '';
    // Without columns it is the other table's primary key that is meant.
    const named = rows.flatMap(({ to }) => to ?? []);
    const columns = named.length === rows.length ? named : primaryKey(columnRowsOf(database, target));
    return {
      kind: 'foreign_key' as const,
      columns: rows.map(({ from }) => from),
      references: { table: addressOf(undefined, target).name, columns },
    };
  });
};

/** What SQLite says of a column that is computed when it is read, by a function that the application has and the file has not. */
const whyUncomputed = (database: DatabaseSync, table: string, { name, hidden }: z.infer<typeof ColumnRow>) => {
  if (hidden !== computedWhenRead) return undefined;
  try {
    database.prepare(`SELECT ${quoteName(name)} FROM ${quoteName(table)} LIMIT 0`);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

const tableOf = (database: DatabaseSync, { type, name }: ObjectRow): TableSchema => {
  const all = columnRowsOf(database, name);
  const uncomputed = all.flatMap((row) => {
    const why = whyUncomputed(database, name, row);
    return why === undefined ? [] : [{ row, why }];
  });
  const rows = all.filter((row) => !uncomputed.some((one) => one.row === row));
  const key = primaryKey(rows);
  // The one key that cannot be NULL without being told so is the number of the row.
  const rowid = key.length === 1 ? rows.find((row) => row.pk === 1 && /^integer$/i.test(row.type))?.name : undefined;
  const columns = rows.map((row): ColumnSchema => ({
    name: row.name,
    type: row.type,
    nullable: row.notnull === 0 && row.name !== rowid,
  }));
  return {
    name: addressOf(undefined, name).name,
    kind: type,
    columns,
    constraints:
      type === 'view'
        ? []
        : [
            ...(key.length === 0 ? [] : [{ kind: 'primary_key' as const, columns: key }]),
            ...uniqueKeys(database, name),
            ...references(database, name),
          ],
    ...(uncomputed.length > 0 && {
      notes: uncomputed.map(({ row, why }) => ({
        kind: 'left_out' as const,
        detail: `The column ${row.name} is computed when it is read, by what the application has and the file has not (${why}): it is not measured.`,
      })),
    }),
  };
};

/** Virtual tables by their declaration, or because they have no page of their own: a damaged file may tell either wrongly. */
const virtualTables = (objects: readonly ObjectRow[]): readonly (VirtualTable & { readonly one: ObjectRow })[] =>
  objects.flatMap((one) => {
    const declared = readVirtualTable(one.sql ?? '');
    if (declared) return [{ ...declared, one }];
    return one.type === 'table' && (one.rootpage ?? 0) === 0
      ? [{ name: one.name, module: 'unknown', parts: [], one }]
      : [];
  });

/** Views that read one of `names`, or a view that does. */
const viewsOf = (names: readonly string[], views: readonly ObjectRow[]): readonly ObjectRow[] => {
  const finds = createRelationFinder(names);
  const found = views.filter(({ sql }) => finds(sql ?? '') !== undefined);
  if (found.length === 0) return [];
  return [
    ...found,
    ...viewsOf(
      found.map(({ name }) => name),
      views.filter((view) => !found.includes(view)),
    ),
  ];
};

/**
 * The tables and views of a file as they are declared. Virtual tables are code of extensions that works on what a file holds,
 * so nothing that would start one is asked: neither they nor the views that read them.
 */
export const readSchema = (database: DatabaseSync): ReadSchema => {
  const objects = ask(
    database,
    "SELECT type, name, rootpage, sql FROM sqlite_schema WHERE type IN ('table', 'view') ORDER BY type, name COLLATE NOCASE",
    ObjectRow,
  );
  const virtual = virtualTables(objects);
  const names = [...new Set(virtual.flatMap(({ name, one }) => [name, one.name]))];
  const blocked = viewsOf(
    names,
    objects.filter(({ type }) => type === 'view'),
  );
  const owners = new Map(virtual.flatMap((of) => of.parts.map((part) => [foldAscii(part), of] as const)));
  const hidden = objects.flatMap((one): readonly { readonly one: ObjectRow; readonly detail: string }[] => {
    const itself = virtual.find((of) => of.one === one);
    if (itself)
      return [
        {
          one,
          detail: `A virtual table of the module ${itself.module}: it is computed by an extension, and not measured.`,
        },
      ];
    if (blocked.includes(one)) return [{ one, detail: 'A view of a virtual table, which is not measured either.' }];
    const owner = owners.get(foldAscii(one.name));
    return owner === undefined || one.type === 'view'
      ? []
      : [
          {
            one,
            detail: `The module ${owner.module} keeps data of the virtual table ${owner.name} here: not measured.`,
          },
        ];
  });
  const left = new Set(hidden.map(({ one }) => one));
  const readable = objects.filter((one) => !left.has(one) && !/^sqlite_/i.test(one.name));
  const [version] = ask(database, 'SELECT sqlite_version() AS version', z.object({ version: z.string() }));
  return {
    schema: {
      engine: 'sqlite',
      engine_version: version?.version ?? 'unknown',
      default_schema: 'main',
      tables: readable.map((one) => tableOf(database, one)),
      not_visible: hidden.map(({ one, detail }): NotVisible => ({ what: 'table', name: one.name, detail })),
    },
    addresses: readable.map(({ name }) => addressOf(undefined, name)),
    unreadable: [...names, ...blocked.map(({ name }) => name)],
    names: objects.map(({ name }) => name),
  };
};
