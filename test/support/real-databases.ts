import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

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

const folder = process.env['SURVEYOR_TEST_DATA'];
const files = {
  chinook_postgres: ['chinook', 'Chinook_PostgreSql.sql'],
  chinook_mysql: ['chinook', 'Chinook_MySql.sql'],
  northwind_postgres: ['northwind', 'northwind.sql'],
} as const;

/** Reads one of them; undefined, said once, where SURVEYOR_TEST_DATA does not hold it. */
export const realDatabase = (name: keyof typeof files): RealDatabase | undefined => {
  const [part, file] = files[name];
  const script = folder === undefined ? undefined : join(folder, part, file);
  if (folder === undefined || script === undefined || !existsSync(script)) {
    console.log(`LEFT OUT: ${part} on a server. Set SURVEYOR_TEST_DATA to a folder that holds ${part}/${file}.`);
    return undefined;
  }
  return {
    // The database is made by who loads the script; psql's own commands are none of a driver's.
    script: readFileSync(script, 'utf8').replace(/^(\\c .*|(DROP|CREATE) DATABASE .*|USE .*)$/gim, ''),
    truth: Truth.parse(JSON.parse(readFileSync(join(folder, part, 'ground_truth.json'), 'utf8'))),
  };
};
