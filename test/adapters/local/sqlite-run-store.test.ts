import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { openSqliteFile } from '../../../src/adapters/local/sqlite-file.ts';
import { openSqliteRunStore } from '../../../src/adapters/local/sqlite-run-store.ts';
import { runStoreMigrations } from '../../../src/adapters/local/sqlite-run-store-migrations.ts';
import type { Run } from '../../../src/contracts/run.ts';
import { describeRunStoreContract, freshTenant, runIds, sampleRun } from '../../contracts/run-store-contract.ts';

const folder = mkdtempSync(join(tmpdir(), 'surveyor-run-store-'));
const opened: { close(): void }[] = [];
const open = (path: string) => {
  const store = openSqliteRunStore(path);
  opened.push(store);
  return store;
};
afterAll(() => {
  for (const store of opened) store.close();
  rmSync(folder, { recursive: true });
});

describeRunStoreContract('SQLite', () => open(join(folder, 'contract.sqlite')));

const moduleUrl = (path: string): string => JSON.stringify(new URL(`../../../${path}`, import.meta.url).href);
const nodeArguments = (script: string, ...values: readonly string[]): string[] => [
  '--input-type=module',
  '--eval',
  `import { openSqliteRunStore } from ${moduleUrl('src/adapters/local/sqlite-run-store.ts')};
   import { sampleRun } from ${moduleUrl('test/adapters/local/sample-run.ts')};
   const values = process.argv.slice(1);
   ${script}`,
  '--',
  ...values,
];

/** The first version's schema as it was released: what it says must never change, so it is written out here once more. */
const version1 = `
  CREATE TABLE runs (
    tenant text not null, run_id text not null, document text not null,
    primary key (tenant, run_id)
  ) strict;
  CREATE INDEX runs_running on runs (tenant, run_id) where document ->> 'status' = 'running';
  CREATE TABLE sessions (
    tenant text not null, run_id text not null, agent text not null, document text not null,
    primary key (tenant, run_id, agent)
  ) strict;
  CREATE TABLE node_results (
    tenant text not null, run_id text not null, node text not null, document text not null,
    primary key (tenant, run_id, node)
  ) strict;
  CREATE TABLE evidence (
    tenant text not null, run_id text not null, number integer not null, document text not null,
    primary key (tenant, run_id, number)
  ) strict;
  CREATE TABLE steps (
    tenant text not null, run_id text not null, step_id text not null, document text not null,
    primary key (tenant, run_id, step_id)
  ) strict;
  CREATE TABLE leases (
    tenant text not null, run_id text not null, document text not null,
    primary key (tenant, run_id)
  ) strict;`;
