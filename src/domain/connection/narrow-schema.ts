import type { DatabaseSchema, NotVisible, TableConstraint, TableSchema } from '../../contracts/schema.ts';
import { tableNameParts } from '../sql-name.ts';
import { chooseTables, tableAddress } from './choose-tables.ts';

/** Which of a database's tables are a run's: those that were asked for, of those that it had when it began. */
export type WantedTables = {
  /** Absent means all; none, that the database is opened and no more. */
  readonly asked?: readonly string[] | undefined;
  /** Of a run that goes on: the tables that it was about before, which others do not join. */
  readonly kept?: readonly string[] | undefined;
};

/** A schema without what is not a run's; `not_asked` names that where something was left out, or could have been. */
export type NarrowedSchema = { readonly schema: DatabaseSchema; readonly not_asked?: readonly string[] };

/**
 * The schema as a run may know it: its tables alone. Of a foreign key to another table the columns are left, and that it
 * leads outside. Fails as `chooseTables` does.
 */
export const narrowSchema = (schema: DatabaseSchema, { asked, kept }: WantedTables): NarrowedSchema => {
  // Nothing is asked of the tables where the database is only to be opened, so there may be any number of them.
  if (asked?.length === 0) return { schema };
  const of = kept === undefined ? undefined : new Set(kept);
  // What is gone since is no reason to refuse what is left; chooseTables speaks of what was asked for and never was there.
  const chosen = chooseTables(schema, asked ?? (of && present(schema, kept ?? []))).filter(
    ({ name }) => of === undefined || of.has(name),
  );
  const names = new Set(chosen.map(({ name }) => name));
  const not_asked = schema.tables.filter(({ name }) => !names.has(name)).map(({ name }) => name);
  if (asked === undefined && not_asked.length === 0) return { schema };
  const isKnown = (name: string): boolean =>
    names.has(name) || (asked ?? []).some((one) => isSame(one, name, schema.default_schema));
  const isInside = insideOf(schema, names);
  const namesOutside = mentions(not_asked);
  const { role } = schema;
  return {
    schema: {
      ...schema,
      ...(role && { role: { ...role, found: role.found.map(withoutName(namesOutside)) } }),
      tables: chosen.map((table) => withoutOutside(table, isInside, namesOutside)),
      not_visible: schema.not_visible.flatMap((one) => knownOnly(one, isKnown)),
      ...(schema.left_out && { left_out: schema.left_out.filter(({ name }) => isKnown(name)) }),
    },
    not_asked,
  };
};

const present = ({ tables }: DatabaseSchema, kept: readonly string[]): readonly string[] | undefined => {
  const there = new Set(tables.map(({ name }) => name));
  const left = kept.filter((name) => there.has(name));
  // Where all of them are gone, that is said in the words for tables that are not there.
  return left.length === 0 ? kept : left;
};

const isSame = (one: string, other: string, defaultSchema: string | undefined): boolean =>
  tableAddress(one, defaultSchema) === tableAddress(other, defaultSchema);

/** A key of SQLite, DuckDB or MySQL may write its table's name in other letters than the table does. */
const insideOf = ({ engine }: DatabaseSchema, names: ReadonlySet<string>): ((name: string) => boolean) => {
  if (engine === 'postgres') return (name) => names.has(name);
  const folded = new Set([...names].map((name) => name.toLowerCase()));
  return (name) => folded.has(name.toLowerCase());
};

/** Whether a sentence names one of some tables, with its schema or without. */
const mentions = (names: readonly string[]): ((text: string) => boolean) => {
  const words = new Set(names.flatMap((name) => [name, tableNameParts(name).at(-1) ?? name]));
  return (text) => words.size > 0 && (text.match(/[\p{L}\p{N}_$.-]+/gu) ?? []).some((word) => isNamed(words, word));
};

/** Notes that tell of other tables; what is told of a table’s own rows is told in any case. */
const ofOthers: ReadonlySet<string> = new Set(['part_of', 'outside']);

const isNamed = (words: ReadonlySet<string>, word: string): boolean => {
  const plain = word.replace(/\.+$/, '');
  return words.has(plain) || words.has(plain.split('.').at(-1) ?? '');
};

const withoutName =
  (namesOutside: (text: string) => boolean) =>
  (right: string): string =>
    namesOutside(right) ? right.replace(/ on .*$/s, ' on a table outside this run') : right;

const withoutOutside = (
  table: TableSchema,
  isInside: (name: string) => boolean,
  namesOutside: (text: string) => boolean,
): TableSchema => ({
  ...table,
  ...(table.notes && {
    notes: table.notes
      .filter(({ kind, detail }) => !(ofOthers.has(kind) && namesOutside(detail)))
      .map((note) => (note.of ? { ...note, of: note.of.filter(isInside) } : note)),
  }),
  constraints: table.constraints.map((constraint): TableConstraint => {
    const { references, ...rest } = constraint;
    return references === undefined || isInside(references.table) ? constraint : { ...rest, outside: true };
  }),
});

const knownOnly = (one: NotVisible, isKnown: (name: string) => boolean): readonly NotVisible[] => {
  if (one.tables === undefined) return isKnown(one.name) ? [one] : [];
  const tables = one.tables.filter(isKnown);
  return tables.length === 0 ? [] : [{ ...one, tables }];
};
