import type { RuleTable, RuleColumn } from './rule-table.ts';
import { hasPrimaryKey, isDeclaredKey, keyColumns, mainKey } from './column-roles.ts';
import type { OutlineColumn, TableOutline } from './rule.ts';
import { isIdentifier, stem, wordsOf } from './words.ts';

/** Columns that point at the key of a table, by declaration, or as their name and kind make likely. */
export type Reference = {
  readonly columns: readonly RuleColumn[];
  readonly to: TableOutline;
  /** Those that are pointed at, in the same order. */
  readonly keys: readonly OutlineColumn[];
  readonly isDeclared: boolean;
};

/** A declared foreign key whose target was not measured. */
export type LostReference = {
  readonly columns: readonly string[];
  readonly table: string;
  readonly keys: readonly string[];
};

/** What a column may be called in front of the thing that it points at. */
const roles = 'parent original previous related manager reply replaced merged duplicate root'.split(' ');

/** The references of a table, declared ones first. */
export const findReferences = (
  table: RuleTable,
): { readonly found: readonly Reference[]; readonly lost: readonly LostReference[] } => {
  const declared = table.constraints.flatMap(({ kind, columns, references }) =>
    kind !== 'foreign_key' || references === undefined
      ? []
      : [
          {
            lost: { columns, table: references.table, keys: references.columns },
            ...resolve(table, columns, references),
          },
        ],
  );
  const taken = new Set(declared.flatMap(({ lost: { columns } }) => (columns.length === 1 ? columns : [])));
  const likely = table.columns
    .filter(({ name }) => !taken.has(name))
    .flatMap((column) => likelyReference(table, column) ?? []);
  return {
    found: [...declared.flatMap(({ reference }) => reference ?? []), ...likely],
    lost: declared.flatMap(({ reference, lost }) => (reference === undefined ? [lost] : [])),
  };
};

const resolve = (
  table: RuleTable,
  columns: readonly string[],
  references: { readonly table: string; readonly columns: readonly string[] },
): { readonly reference?: Reference } => {
  const to = table.outlines.find((outline) => outline.table === references.table);
  const own = columns.flatMap((name) => table.columns.find((column) => column.name === name) ?? []);
  const keys = references.columns.flatMap((name) => to?.columns.find((column) => column.name === name) ?? []);
  return to === undefined || own.length === 0 || own.length < columns.length || keys.length < own.length
    ? {}
    : { reference: { columns: own, to, keys, isDeclared: true } };
};

const likelyReference = (from: RuleTable, column: RuleColumn): Reference | undefined => {
  // What tells the rows of a table apart is pointed at; it hardly points.
  if (!isIdentifier(column) || column.name === mainKey(from)?.name) return undefined;
  const words = wordsOf(column.name);
  const things = words.slice(0, -1).filter((word) => !roles.includes(word));
  const hasRole = words.some((word) => roles.includes(word));
  for (const to of from.outlines) {
    const isSelf = to.table === from.table;
    if (to.own_columns !== undefined || (isSelf && !hasRole)) continue;
    for (const key of targets(to)) {
      if (key.kind !== column.kind || (isSelf && key.name === column.name)) continue;
      const sameName = things.length > 0 && wordsOf(key.name).join('_') === [...things, words.at(-1)].join('_');
      const namesTable = things.length > 0 ? isCalledAfter(column.name, to.table) : hasRole && isSelf;
      if (sameName || namesTable) return { columns: [column], to, keys: [key], isDeclared: false };
    }
  }
  return undefined;
};

/** Whether a column is called after a table, as `customer_id` is after customers. */
export const isCalledAfter = (column: string, table: string): boolean => {
  const thing = wordsOf(column)
    .slice(0, -1)
    .findLast((word) => !roles.includes(word));
  return thing !== undefined && stem(thing) === stem(wordsOf(table).at(-1) ?? '');
};

/** What can be pointed at: what is declared to be a key, else what looks like one. */
const targets = (table: TableOutline): readonly OutlineColumn[] =>
  hasPrimaryKey(table) ? table.columns.filter(({ name }) => isDeclaredKey(table, [name])) : keyColumns(table);
