import { lookUp } from '../../../../src/contracts/look-up.ts';
import * as z from 'zod';
import type { ResultValue } from '../../../../src/contracts/sandbox.ts';
import { parseArray } from './array-text.ts';
import type { PostgresConnection } from './connect.ts';
import { shownTypeName } from './type-name.ts';

/** A type of values: the server's name of it, and how what the server wrote is read. */
export type ValueType = { readonly name: string; readonly read: (text: string) => ResultValue };

/** 64 bytes in hexadecimal tell one binary value from another; all of a picture would fill the result. */
const longestBinary = 2 + 2 * 64;

const integer = (text: string): ResultValue => {
  const value = Number(text);
  // Beyond 2^53 a JSON number would lose digits.
  return Number.isSafeInteger(value) ? value : text;
};

const float = (text: string): ResultValue => {
  const value = Number(text);
  // JSON has no NaN and no infinities.
  return Number.isFinite(value) ? value : text;
};

const binary = (text: string): ResultValue =>
  text.length <= longestBinary ? text : `${text.slice(0, longestBinary)}… (${(text.length - 2) / 2} bytes)`;

const readers: Readonly<Record<string, (text: string) => ResultValue>> = {
  boolean: (text) => text === 't',
  smallint: integer,
  integer,
  bigint: integer,
  oid: integer,
  real: float,
  'double precision': float,
  bytea: binary,
};

/** Everything else is the text that the server writes: decimals to their last digit, times, JSON, types of extensions. */
const asText = (text: string): ResultValue => text;

const arrayReader =
  (element: string, delimiter: string) =>
  (text: string): ResultValue => {
    try {
      return JSON.stringify(parseArray(text, lookUp(readers, element) ?? asText, delimiter));
    } catch {
      return JSON.stringify(text);
    }
  };

const TypeRow = z.object({
  oid: z.number(),
  name: z.string(),
  element: z.string().nullable(),
  delimiter: z.string().nullable(),
});
const typesSql = `
  SELECT t.oid, pg_catalog.format_type(t.oid, NULL) AS name, pg_catalog.format_type(e.oid, NULL) AS element, e.typdelim::text AS delimiter
  FROM pg_catalog.pg_type t LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND e.typarray = t.oid
  WHERE t.oid = ANY ($1::oid[])`;

/** Asks the server, in a transaction of its own: that of a statement which was cut answers nothing more. */
type AskServer = (read: (connection: PostgresConnection) => Promise<void>) => Promise<void>;

/** The types of a server's values, by their oids: looked up when they first occur, for they can be anybody's. */
export type ValueTypes = {
  resolve(oids: readonly number[], askServer: AskServer): Promise<readonly ValueType[]>;
};

/** Nothing is known yet. */
export const createValueTypes = (defaultSchema: string): ValueTypes => {
  const known = new Map<number, ValueType>();
  return {
    async resolve(oids, askServer) {
      const unknown = [...new Set(oids)].filter((oid) => !known.has(oid));
      if (unknown.length > 0) {
        await askServer(async (connection) => {
          for (const { oid, name, element, delimiter } of await connection.ask(TypeRow, typesSql, [unknown])) {
            const read = element === null ? (lookUp(readers, name) ?? asText) : arrayReader(element, delimiter ?? ',');
            known.set(oid, { name: shownTypeName(name, defaultSchema), read });
          }
        });
      }
      return oids.map((oid) => known.get(oid) ?? { name: 'unknown', read: asText });
    },
  };
};
