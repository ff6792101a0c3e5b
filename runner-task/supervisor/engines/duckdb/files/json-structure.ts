import * as z from 'zod';

/** What DuckDB's json_group_structure says of values: the name of a type, members by name, or what a list holds. */
export type JsonStructure = string | readonly JsonStructure[] | { readonly [name: string]: JsonStructure };

const isStructure = (value: unknown): boolean => {
  if (typeof value === 'string') return true;
  return typeof value === 'object' && value !== null && Object.values(value).every(isStructure);
};

/** No z.record, which leaves out a member that is called `__proto__`. */
export const JsonStructure = z.custom<JsonStructure>(isStructure);

/** More members than this are data, as in a dictionary by ids, and no structure. */
const maxMembers = 200;

const membersOf = (structure: JsonStructure): readonly (readonly [string, JsonStructure])[] | undefined =>
  typeof structure === 'string' || Array.isArray(structure) ? undefined : Object.entries(structure);

/** The members of values that are all objects. */
export const objectMembers = membersOf;

/** The one member of an object that is a list of objects, where no other is one: what answers of services wrap their rows in. */
export const wrappedRows = (structure: JsonStructure): string | undefined => {
  const lists = (membersOf(structure) ?? []).filter(
    ([, member]) => Array.isArray(member) && membersOf(member[0] ?? 'NULL') !== undefined,
  );
  return lists.length === 1 ? lists[0]?.[0] : undefined;
};

/**
 * What a column is read as: members that only case divides, or that are too many, cannot be a struct's, so that those stay
 * JSON; what was null in all rows is a text.
 */
export const readableStructure = (structure: JsonStructure): JsonStructure => {
  if (typeof structure === 'string') return structure === 'NULL' ? 'VARCHAR' : structure;
  if (Array.isArray(structure)) return [readableStructure((structure[0] as JsonStructure | undefined) ?? 'JSON')];
  const members = membersOf(structure) ?? [];
  const names = new Set(members.map(([name]) => name.toLowerCase()));
  if (members.length > maxMembers || names.size < members.length || names.has('')) return 'JSON';
  return Object.fromEntries(members.map(([name, member]) => [name, readableStructure(member)]));
};
