import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { runStatement } from '../../runner-task/supervisor/engines/duckdb/run-statement.ts';
import type { DatabaseProfile, TableProfile } from '../../src/contracts/profile.ts';
import type { TableConstraint, TableSchema } from '../../src/contracts/schema.ts';
import type { Dataset } from '../../src/domain/datasets/dataset.ts';
import { profileInDuckdb, tableSchema } from '../domain/profile/profile-in-duckdb.ts';
import { profileWith } from '../domain/profile/profile-with.ts';
import type { ResultTable } from '../../src/contracts/sandbox.ts';
import { loadDatasetIntoSqlite } from './load-dataset.ts';
import { type RulesRun, runRules } from './run-rules.ts';
import { makeSqliteFile } from './sqlite-file.ts';

/** The moment that these databases are measured at: after all that the datasets tell of but the flaws. */
const measuredAt = '2026-01-31T12:00:00.000Z';

/** Tables of DuckDB that the rules have looked at, and a way to ask them more. */
export type CheckedDatabase = {
  readonly run: RulesRun;
  readonly count: (select: string) => Promise<number>;
  readonly close: () => void;
};

/** Measures every table of a database and lets the rules look at it. */
export const checkDatabase = async (connection: DuckDBConnection, source = 'main'): Promise<CheckedDatabase> => {
  const named = await connection.runAndReadAll(
    "select table_name, table_type from information_schema.tables where table_schema = 'main' order by 1",
  );
  const tables: TableProfile[] = [];
  for (const [name, type] of named.getRows()) {
    const schema: TableSchema = {
      ...(await tableSchema(connection, String(name))),
      kind: type === 'VIEW' ? 'view' : 'table',
      constraints: await constraintsOf(connection, String(name)),
    };
    const profile = await profileInDuckdb(connection, schema, { rows: 1_000, at: measuredAt });
    tables.push({ ...profile, statements: ['e000000000000'] });
  }
  const about = { label: '', engine: 'duckdb', engine_version: '', failed: [], not_visible: [] };
  const database: DatabaseProfile = { source, ...about, tables };
  const run = await runRules(database, (sql, rows) => runStatement(connection, sql, { rows, bytes: 64 * 1024 * 1024 }));
  return {
    run,
    count: async (select) =>
      Number((await connection.runAndReadAll(`select count(*) from (${select}) t`)).getRows()[0]?.[0]),
    close: () => connection.closeSync(),
  };
};

/** A dataset as a SQLite file. */
export const sqliteOfDataset = (dataset: Dataset): Promise<CheckedDatabase> =>
  sqliteOf((file) => loadDatasetIntoSqlite(file, dataset), dataset.schema.name);

/** A SQLite file, filled by the caller and read as a sandbox reads it. */
export const sqliteOf = async (
  fill: (file: ReturnType<typeof makeSqliteFile>) => Promise<unknown>,
  source = 'main',
): Promise<CheckedDatabase> => {
  const file = makeSqliteFile();
  await fill(file);
  const engine = await file.open();
  const ask = (sql: string, rows: number): Promise<ResultTable> =>
    engine.run(sql, { rows, bytes: 64 * 1024 * 1024, seconds: 60 });
  const tables = [];
  for (const schema of engine.opened.schema.tables) {
    const profile = await profileWith('sqlite', schema, (sql) => ask(sql, 100_000), { at: measuredAt });
    tables.push({ ...profile, statements: ['e000000000000'] });
  }
  const about = { label: '', engine: 'sqlite', engine_version: '', failed: [], not_visible: [] };
  const run = await runRules({ source, ...about, tables }, ask);
  return {
    run,
    count: async (select) => Number((await ask(`select count(*) from (${select}) t`, 1)).values[0]?.[0]),
    close: () => {
      void engine.close();
      file.remove();
    },
  };
};

const kinds: Readonly<Record<string, TableConstraint['kind']>> = {
  'PRIMARY KEY': 'primary_key',
  UNIQUE: 'unique',
  'FOREIGN KEY': 'foreign_key',
};

const constraintsOf = async (connection: DuckDBConnection, table: string): Promise<readonly TableConstraint[]> => {
  const read = await connection.runAndReadAll(
    `select constraint_type, constraint_column_names, referenced_table, referenced_column_names
     from duckdb_constraints() where table_name = ?`,
    [table],
  );
  const rows = read.getRowsJson() as [string, string[], string, string[]][];
  return rows.flatMap(([type, columns, target, keys]): readonly TableConstraint[] => {
    const kind = kinds[type];
    if (kind === undefined) return [];
    const declared = { kind, columns };
    return kind === 'foreign_key' ? [{ ...declared, references: { table: target, columns: keys } }] : [declared];
  });
};

/** A database in memory, as its statements make it. */
export const databaseOf = async (setup: readonly string[], source?: string): Promise<CheckedDatabase> => {
  const connection = await (await DuckDBInstance.create(':memory:', { threads: '2' })).connect();
  for (const sql of setup) await connection.run(sql);
  return checkDatabase(connection, source);
};

/** A dataset as tables of DuckDB, typed as declared. */
export const databaseOfDataset = async (dataset: Dataset): Promise<CheckedDatabase> => {
  const folder = mkdtempSync(join(tmpdir(), 'surveyor-flaws-'));
  try {
    const setup = dataset.schema.tables.map(({ name, columns }) => {
      const file = join(folder, `${name}.csv`);
      writeFileSync(file, [...dataset.csv(name)].join(''));
      const types = columns.map((column) => `'${column.name}': '${column.type}'`).join(', ');
      return `create table "${name}" as from read_csv('${file}', header = true, auto_detect = false, quote = '"', escape = '"', columns = {${types}})`;
    });
    return await databaseOf(setup, dataset.schema.name);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
