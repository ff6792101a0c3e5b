import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

/** A database that people know, as a script for a server, and what is in it. */
export type RealDatabase = { readonly script: string; readonly truth: z.infer<typeof Truth> };

const Truth = z.object({
  tables: z.array(z.object({ name: z.string(), rows: z.number(), primary_key: z.array(z.string()).nullish() })),
  foreign_keys: z.array(
    z.object({
      table: z.string(),
      columns: z.array(z.string()),
      ref_table: z.string(),
      ref_columns: z.array(z.string()),
    }),
  ),
});

const files = {
  chinook: { postgres: 'Chinook_PostgreSql.sql', mysql: 'Chinook_MySql.sql' },
  northwind: { postgres: 'northwind.sql' },
} as const;

const read = (...path: readonly string[]): string => readFileSync(realDataPath(...path), 'utf8');

/** The path of a file in the folder of real databases. Tests that call this are left out where `isMissing('data')`. */
export const realDataPath = (...path: readonly string[]): string =>
  join(process.env['SURVEYOR_TEST_DATA'] ?? '', ...path);

/** Reads one of them as the script of an engine, without what chooses a database or is no SQL. */
export const readRealDatabase = <N extends keyof typeof files>(
  name: N,
  engine: keyof (typeof files)[N] & string,
): RealDatabase => ({
  script: read(name, String(files[name][engine])).replaceAll(
    /^(DROP DATABASE|CREATE DATABASE|USE|\\c|SET default_with_oids)\b.*$/gim,
    '',
  ),
  truth: Truth.parse(JSON.parse(read(name, 'ground_truth.json'))),
});
