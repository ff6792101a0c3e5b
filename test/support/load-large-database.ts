import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { LargeDatabase, LargeTable, LargeType } from './large-database.ts';

/** What runs a script with several statements. */
type RunScript = (script: string) => Promise<unknown> | void;

const createTable = ({ name, columns }: LargeTable, timeType: string): string =>
  `CREATE TABLE ${name} (${columns.map((column) => `${column.name} ${column.type === 'time' ? timeType : column.type}`).join(', ')})`;

const literal = (value: string | number | null, type: LargeType): string =>
  value === null
    ? 'NULL'
    : typeof value === 'number'
      ? String(type === 'double precision' ? value.toExponential() : value)
      : `'${value.replaceAll("'", "''")}'`;

/** Loads it with statements that every engine takes; `timeType` is what that one calls a time without a zone. */
export const loadLargeDatabase = async (
  database: LargeDatabase,
  run: RunScript,
  timeType: 'timestamp' | 'datetime' = 'timestamp',
): Promise<void> => {
  for (const name of database.names) {
    const table = database.table(name);
    await run(createTable(table, timeType));
    for (let from = 0; from < table.rows.length; from += 500) {
      const tuples = table.rows
        .slice(from, from + 500)
        .map((row) => `(${table.columns.map((column) => literal(row[column.name] ?? null, column.type)).join(',')})`);
      await run(`INSERT INTO ${name} VALUES ${tuples.join(',\n')}`);
    }
  }
};

/** Writes it as a DuckDB file, by CSV: a hundred times faster than its INSERT. */
export const writeLargeDuckdb = async (database: LargeDatabase, path: string): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'surveyor-large-'));
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  try {
    for (const name of database.names) {
      const table = database.table(name);
      const file = join(folder, `${name}.csv`);
      const field = (value: string | number | null | undefined): string =>
        value === null || value === undefined
          ? ''
          : typeof value === 'number'
            ? String(value)
            : `"${value.replaceAll('"', '""')}"`;
      writeFileSync(
        file,
        table.rows.map((row) => `${table.columns.map((column) => field(row[column.name])).join(',')}\n`).join(''),
      );
      await connection.run(createTable(table, 'timestamp'));
      await connection.run(
        `COPY ${name} FROM '${file}' (FORMAT csv, HEADER false, QUOTE '"', ESCAPE '"', NULLSTR '', ALLOW_QUOTED_NULLS false)`,
      );
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
    rmSync(folder, { recursive: true });
  }
};
