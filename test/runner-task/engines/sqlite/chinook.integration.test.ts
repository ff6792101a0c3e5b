import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenEngine } from '../../../../runner-task/supervisor/engines/open-engine.ts';
import { openSqlite } from '../../../../runner-task/supervisor/engines/sqlite/open-sqlite.ts';
import type { Engine } from '../../../../src/contracts/engine.ts';
import type { ColumnProfile, TableProfile } from '../../../../src/contracts/profile.ts';
import { profileWith } from '../../../domain/profile/profile-with.ts';
import { isMissing } from '../../../support/is-missing.ts';
import { startPostgres, type PostgresServer } from '../../../support/postgres-server.ts';
import { readRealDatabase, realDataPath } from '../../../support/real-databases.ts';
import { openAs } from '../postgres/postgres-target.ts';

const limits = { rows: 100_000, bytes: 32 * 1024 * 1024, seconds: 60 };

/** `InvoiceLine` for `invoice_line`: the two scripts have names of their own. */
const plain = (name: string): string => name.toLowerCase().replaceAll('_', '');

const profilesOf = async (engine: OpenEngine, name: Engine): Promise<ReadonlyMap<string, TableProfile>> => {
  const profiles = new Map<string, TableProfile>();
  for (const schema of engine.opened.schema.tables)
    profiles.set(plain(schema.name), await profileWith(name, schema, (sql) => engine.run(sql, limits)));
  return profiles;
};

const alike = (value: unknown): unknown => {
  if (typeof value === 'number' && !Number.isInteger(value)) return Number(value.toPrecision(9));
  if (Array.isArray(value)) return value.map(alike);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, alike(one)]));
};

/** The figures of a column without what the two scripts call it, and as what they declare it. */
const figuresOf = (column: ColumnProfile): unknown => ({
  ...(alike(column) as object),
  name: plain(column.name),
  type: undefined,
});

describe.skipIf(isMissing('data', 'postgres'))('Chinook as a SQLite file and in PostgreSQL', () => {
  const folder = mkdtempSync(join(tmpdir(), 'surveyor-chinook-'));
  let server: PostgresServer;
  let sqlite: OpenEngine;
  let postgres: OpenEngine;
  beforeAll(async () => {
    const path = realDataPath('chinook', 'Chinook_Sqlite.sqlite');
    sqlite = await openSqlite(
      { engine: 'sqlite', path },
      { memory_bytes: 256 * 1024 * 1024, spill_folder: folder, python: 'none' },
    );
    server = await startPostgres();
    // A literal N'…' is a CHARACTER of PostgreSQL, which loses the blank at the end of `Edinburgh `.
    await server.run(readRealDatabase('chinook', 'postgres').script.replaceAll(/(?<=[(,]\s*)N'/g, "'"));
    postgres = await openAs(server, { writable_role: 'accept' });
  }, 240_000);
  afterAll(async () => {
    await sqlite?.close();
    await postgres?.close();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('has the same figures of every column', async () => {
    const [found, wanted] = [await profilesOf(sqlite, 'sqlite'), await profilesOf(postgres, 'postgres')];
    expect([...found.keys()].toSorted()).toEqual([...wanted.keys()].toSorted());
    expect(found.size).toBe(11);
    for (const [table, { rows, columns }] of wanted) {
      expect([table, found.get(table)?.rows]).toEqual([table, rows]);
      expect([table, found.get(table)?.columns.map(figuresOf)]).toEqual([table, columns.map(figuresOf)]);
    }
  });

  it('has the same keys and references', () => {
    const keysOf = ({ opened }: OpenEngine): unknown =>
      opened.schema.tables
        .flatMap(({ name, constraints }) =>
          constraints.map(({ kind, columns, references }) =>
            plain(`${name} ${kind} ${columns.join()} ${references?.table ?? ''} ${references?.columns.join() ?? ''}`),
          ),
        )
        .toSorted();
    expect(keysOf(sqlite)).toEqual(keysOf(postgres));
  });
});
