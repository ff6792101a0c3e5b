import { quoteName } from '../../../../../src/domain/sql-name.ts';

/** A schema for a name that stands without one, and where in the statement the name begins, in bytes. */
export type MissingSchema = { readonly schema: string; readonly name: string; readonly at: number };

/** Whether a name as it is written may be this one: in quotes it may be escaped in several ways. */
const begins = (text: string, name: string): boolean =>
  text.startsWith('"') || /^u&"/i.test(text) || text.slice(0, name.length).toLowerCase() === name.toLowerCase();

/**
 * The statement with a schema in front of each of these names, so that nothing else can be meant by them; undefined where
 * one of them does not stand where the parser says.
 */
export const nameSchemas = (sql: string, missing: readonly MissingSchema[]): string | undefined => {
  if (missing.length === 0) return sql;
  const bytes = Buffer.from(sql);
  const parts: string[] = [];
  let from = 0;
  for (const { schema, name, at } of missing.toSorted((a, b) => a.at - b.at)) {
    if (at < from || !begins(bytes.toString('utf8', at, at + Buffer.byteLength(name) + 3), name)) return undefined;
    parts.push(bytes.toString('utf8', from, at), quoteName(schema), '.');
    from = at;
  }
  return parts.join('') + bytes.toString('utf8', from);
};
