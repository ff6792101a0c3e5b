import { quoteName } from '../../../src/domain/sql-name.ts';

/** Where a table of the schema lies, in parts: `name` alone cannot be split where a part holds a dot. */
export type TableAddress = { readonly name: string; readonly schema?: string; readonly table: string };

/** A part of a name that holds a dot is quoted in it, or `a.b` in one schema could not be told from `b` in schema `a`. */
const namePart = (part: string): string => (part.includes('.') || part.startsWith('"') ? quoteName(part) : part);

/** Where a table lies and how it is named for it; without a schema, in the default one. */
export const addressOf = (schema: string | undefined, table: string): TableAddress =>
  schema === undefined
    ? { name: namePart(table), table }
    : { name: `${namePart(schema)}.${namePart(table)}`, schema, table };
