import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { openSqliteStores } from '../../../../src/adapters/local/stores/open-sqlite-stores.ts';
import { storeMigrations } from '../../../../src/adapters/local/stores/store-migrations.ts';
import type { ApiKey } from '../../../../src/contracts/api-key.ts';
import type { Run } from '../../../../src/contracts/run.ts';
import { describeStoresContract } from '../../../contracts/stores/stores-contract.ts';
import { freshTenant, runIds, sampleAct, sampleConnection, sampleRun } from '../../../contracts/stores/samples.ts';

const folder = mkdtempSync(join(tmpdir(), 'surveyor-run-store-'));
const opened: { close(): void }[] = [];
const open = (path: string) => {
  const stores = openSqliteStores(path);
  opened.push(stores);
  return stores;
};
afterAll(() => {
  for (const stores of opened) stores.close();
  rmSync(folder, { recursive: true });
});

describeStoresContract('SQLite', () => open(join(folder, 'contract.sqlite')));

/** The arguments of a Node process that opens the store in `values[0]` and runs a script with it. */
const inAnotherProcess = (script: string, ...values: readonly string[]): string[] => [
  '--input-type=module',
  '--eval',
  `import { openSqliteStores } from ${JSON.stringify(new URL('../../../../src/adapters/local/stores/open-sqlite-stores.ts', import.meta.url))};
   const values = process.argv.slice(1);
   const stores = openSqliteStores(values[0]);
   ${script}`,
  '--',
  ...values,
];

const insertRun = (
  database: DatabaseSync,
  run: Pick<Run, 'tenant' | 'run_id'> & Readonly<Record<string, unknown>>,
): void => {
  database
    .prepare('insert into runs (tenant, run_id, document) values (?, ?, ?)')
    .run(run.tenant, run.run_id, JSON.stringify(run));
};

describe('a file of the run store', () => {
  /** The first version as it was released. It lies on people's disks, so it stands here once more and never changes. */
  const version1 = [
    `CREATE TABLE runs ( tenant text not null, run_id text not null, document text not null, primary key (tenant, run_id) ) strict`,
    `CREATE INDEX runs_running on runs (tenant, run_id) where document ->> 'status' = 'running'`,
    `CREATE TABLE sessions ( tenant text not null, run_id text not null, agent text not null, document text not null, primary key (tenant, run_id, agent) ) strict`,
    `CREATE TABLE node_results ( tenant text not null, run_id text not null, node text not null, document text not null, primary key (tenant, run_id, node) ) strict`,
    `CREATE TABLE evidence ( tenant text not null, run_id text not null, number integer not null, document text not null, primary key (tenant, run_id, number) ) strict`,
    `CREATE TABLE steps ( tenant text not null, run_id text not null, step_id text not null, document text not null, primary key (tenant, run_id, step_id) ) strict`,
    `CREATE TABLE leases ( tenant text not null, run_id text not null, document text not null, primary key (tenant, run_id) ) strict`,
  ];
  const version1File = (path: string): DatabaseSync => {
    const database = new DatabaseSync(path);
    for (const statement of version1) database.exec(statement);
    database.exec('pragma user_version = 1');
    return database;
  };

  it('of version 1 is what the first migration still makes', () => {
    const database = new DatabaseSync(':memory:');
    database.exec(storeMigrations[0]!.sql);
    const made = database.prepare('select sql from sqlite_schema where sql is not null order by rowid').all();
    expect(made.map(({ sql }) => String(sql).replaceAll(/\s+/g, ' '))).toEqual(version1);
  });

  it('of version 1 is brought up to date with everything in it, and then does what version 1 could not', async () => {
    const path = join(folder, 'old.sqlite');
    const tenant = freshTenant();
    const tables = ['orders', 'quote " and \\ and 株式会社'];
    const source = { kind: 'dataset', label: 'ecommerce', engine: 'files' } as const;
    const [older, current] = runIds(2).map((run_id, index) =>
      sampleRun(tenant, {
        run_id,
        status: index === 0 ? 'succeeded' : 'running',
        sources: [{ name: 'main', ...source, ...(index === 0 ? { tables } : {}) }],
      }),
    );
    const old = version1File(path);
    // A run had one database and one attempt then, and a place to publish.
    for (const { sources, attempt: _, publish, ...run } of [older!, current!])
      insertRun(old, { ...run, ...publish, source, ...(sources[0]?.tables === undefined ? {} : { tables }) });
    const step = { step_id: '1', name: 'a', kind: 'node', status: 'succeeded', started_at: older!.created_at };
    old.prepare('insert into steps values (?, ?, ?, ?)').run(tenant, older!.run_id, '1', JSON.stringify(step));
    old.close();

    const stores = open(path);
    expect((await stores.runs.list(tenant, { limit: 10 })).items).toEqual([current, older]);
    expect(await stores.steps.list(tenant, older!.run_id)).toEqual([step]);
    expect(await stores.runs.findPrevious(tenant, 'reports/shop', current!.run_id)).toEqual(older);
    const key: ApiKey = {
      hash: 'a'.repeat(64),
      tenant,
      roles: ['reader'],
      rights: [],
      label: 'x',
      created_at: older!.created_at,
    };
    await stores.apiKeys.add(key);
    expect(await stores.apiKeys.find(key.hash)).toEqual(key);
    await stores.runs.settle(tenant, current!.run_id, {
      attempt: 1,
      status: 'interrupted',
      ended_at: current!.created_at,
    });
    expect(await stores.runs.reopen(tenant, current!.run_id, { attempt: 2, act: sampleAct() })).toBe(true);
    await stores.connections.create(sampleConnection(tenant));
    expect(await stores.connections.get(tenant, 'shop')).toEqual(sampleConnection(tenant));
    stores.close();

    const database = new DatabaseSync(path);
    expect(database.prepare('pragma user_version').get()).toEqual({ user_version: storeMigrations.length });
    database.close();
  });

  it('of version 4 has connections whose secrets are found again', async () => {
    const path = join(folder, 'connections.sqlite');
    const { secret: _, ...connection } = sampleConnection(freshTenant());
    const old = new DatabaseSync(path);
    for (const { sql } of storeMigrations.slice(0, 4)) old.exec(sql);
    old.exec('pragma user_version = 4');
    old
      .prepare('insert into connections (tenant, name, document) values (?, ?, ?)')
      .run(connection.tenant, connection.name, JSON.stringify(connection));
    old.close();
    expect(await open(path).connections.get(connection.tenant, connection.name)).toEqual({
      ...connection,
      secret: 'connections/shop',
    });
  });

  it('is left as it was where a migration fails half-way', () => {
    const path = join(folder, 'half.sqlite');
    const old = version1File(path);
    // A table of the same name makes the second step's last statement fail, after its first one has run.
    old.exec('create table api_keys (mine text)');
    old.close();
    expect(() => open(path)).toThrow(expect.objectContaining({ kind: 'STORAGE_FAILED', where: path }));
    const database = new DatabaseSync(path);
    expect(database.prepare('pragma user_version').get()).toEqual({ user_version: 1 });
    expect(database.prepare(`select 1 from sqlite_schema where name = 'runs_succeeded'`).get()).toBeUndefined();
    database.close();
  });

  it('finds runs by its indexes, not by reading all of them', () => {
    const path = join(folder, 'plans.sqlite');
    open(path).close();
    const database = new DatabaseSync(path);
    const planOf = (sql: string) =>
      database
        .prepare(`explain query plan ${sql}`)
        .all()
        .map(({ detail }) => detail)
        .join('; ');
    expect(
      planOf(`select document from runs
              where tenant = ? and document ->> '$.publish.s3_prefix' = ? and document ->> 'status' = 'succeeded' and run_id < ?
              order by run_id desc limit 1`),
    ).toMatch(/^SEARCH runs USING INDEX runs_succeeded \(tenant=\? AND <expr>=\? AND run_id<\?\)$/);
    expect(planOf(`select document from runs where document ->> 'status' = 'running' order by tenant, run_id`)).toMatch(
      /^SCAN runs USING INDEX runs_running$/,
    );
    database.close();
  });

  it('forgets claims that have expired and windows that are over', async () => {
    const path = join(folder, 'swept.sqlite');
    const tenant = freshTenant();
    const stores = open(path);
    const minute = (index: number) => `2026-01-31T12:0${index}:00.000Z`;
    const claim = (key: string, expires_at: string) => ({
      tenant,
      key,
      expires_at,
      request_hash: '0'.repeat(64),
      run_id: runIds(1)[0]!,
    });
    for (const key of ['a', 'b', 'c']) await stores.idempotencyKeys.claim(claim(key, minute(1)), minute(0));
    await stores.idempotencyKeys.claim(claim('d', minute(2)), minute(1));
    for (const key of ['a', 'b', 'c']) await stores.requestCounts.count(key, { start: minute(0), seconds: 60 });
    await stores.requestCounts.count('d', { start: minute(1), seconds: 60 });
    const database = new DatabaseSync(path);
    const keysIn = (column: string, table: string) =>
      database
        .prepare(`select ${column} as key from ${table}`)
        .all()
        .map(({ key }) => key);
    expect(keysIn('key', 'idempotency_claims')).toEqual(['d']);
    expect(keysIn('key_hash', 'request_counts')).toEqual(['d']);
    database.close();
  });

  it('of a newer version is refused and not touched', () => {
    const path = join(folder, 'newer.sqlite');
    const database = new DatabaseSync(path);
    database.exec('create table runs_of_tomorrow (a); pragma user_version = 99');
    database.close();
    expect(() => open(path)).toThrow(
      new RegExp(
        `newer.sqlite was written by a newer Surveyor: its format is version 99, .* ${storeMigrations.length}\\b`,
      ),
    );
    expect(() => open(path)).toThrow(expect.objectContaining({ kind: 'STORAGE_FAILED', where: path }));
    const after = new DatabaseSync(path);
    expect(after.prepare('select name from sqlite_schema').all()).toEqual([{ name: 'runs_of_tomorrow' }]);
    after.close();
  });

  it('that another program made is refused', () => {
    const path = join(folder, 'foreign.sqlite');
    const database = new DatabaseSync(path);
    database.exec('create table theirs (a)');
    database.close();
    expect(() => open(path)).toThrow(/foreign\.sqlite is a SQLite database of another program/);
  });

  it('that is no SQLite file is refused with its path', () => {
    const path = join(folder, 'text.sqlite');
    writeFileSync(path, 'this is not a database, but it is long enough to be looked at as one\n'.repeat(100));
    expect(() => open(path)).toThrow(expect.objectContaining({ kind: 'STORAGE_FAILED', where: path }));
    expect(() => open(path)).toThrow(/text\.sqlite is damaged or no SQLite database .* Restore it from a backup/);
  });

  it('that was cut off fails with its path, not with half an answer', async () => {
    const path = join(folder, 'cut.sqlite');
    const tenant = freshTenant();
    const stores = open(path);
    for (const run_id of runIds(200)) await stores.runs.create(sampleRun(tenant, { run_id }));
    stores.close();
    truncateSync(path, Math.floor(statSync(path).size / 2 / 4096) * 4096);
    const cut = (async () => open(path).runs.list(tenant, { limit: 1_000 }))();
    await expect(cut).rejects.toMatchObject({ kind: 'STORAGE_FAILED', where: path });
  });

  it('with a document that is not what its schema says fails with its path', async () => {
    const path = join(folder, 'edited.sqlite');
    const run = sampleRun(freshTenant());
    const stores = open(path);
    await stores.runs.create(run);
    const database = new DatabaseSync(path);
    database.exec(`update runs set document = json_set(document, '$.status', 'dancing')`);
    await expect(stores.runs.get(run.tenant, run.run_id)).rejects.toMatchObject({
      kind: 'STORAGE_FAILED',
      message: expect.stringMatching(/edited\.sqlite is not what Surveyor stores there \(status: /),
    });
    database.close();
  });

  it('in a place where no folder can be is refused with its path', () => {
    const path = join(folder, 'text.sqlite', 'store.sqlite');
    expect(() => open(path)).toThrow(expect.objectContaining({ kind: 'STORAGE_FAILED', where: path }));
  });

  it('is readable by its owner alone', async () => {
    const path = join(folder, 'deep', 'er', 'private.sqlite');
    await open(path).runs.create(sampleRun(freshTenant()));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(`${path}-wal`).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'deep')).mode & 0o777).toBe(0o700);
  });

  it('that is closed says so', async () => {
    const stores = open(join(folder, 'closed.sqlite'));
    stores.close();
    stores.close();
    await expect(stores.runs.get('a', 'b')).rejects.toMatchObject({ kind: 'STORAGE_FAILED' });
  });
});

describe('several processes on one run store', () => {
  it('settle each run exactly once between them', async () => {
    const path = join(folder, 'shared.sqlite');
    const tenant = freshTenant();
    const ids = runIds(200);
    const stores = open(path);
    for (const run_id of ids) await stores.runs.create(sampleRun(tenant, { run_id }));
    const script = `
      const [, tenant, ids, status] = values;
      let settled = 0;
      for (const id of ids.split(','))
        if (await stores.runs.settle(tenant, id, { attempt: 1, status, ended_at: '2026-01-31T12:00:00.000Z' })) settled += 1;
      console.log(settled);`;
    const outputs = await Promise.all(
      ['succeeded', 'failed', 'cancelled'].map((status) =>
        promisify(execFile)(process.execPath, inAnotherProcess(script, path, tenant, ids.join(','), status)),
      ),
    );
    const counts = outputs.map(({ stdout }) => Number(stdout));
    expect(counts.reduce((sum, count) => sum + count)).toBe(200);
    const { items } = await stores.runs.list(tenant, { limit: 200 });
    const statuses = ['succeeded', 'failed', 'cancelled'];
    expect(statuses.map((status) => items.filter((run) => run.status === status).length)).toEqual(counts);
  });

  it('reopen each run exactly once between them, and keep one claim of each key', async () => {
    const path = join(folder, 'reopened.sqlite');
    const tenant = freshTenant();
    const ids = runIds(200);
    const stores = open(path);
    for (const run_id of ids) await stores.runs.create(sampleRun(tenant, { run_id, status: 'failed' }));
    const script = `
      const [, tenant, ids, own, act] = values;
      const now = '2026-01-31T12:00:00.000Z';
      const claim = { tenant, request_hash: '0'.repeat(64), run_id: own, expires_at: '2026-02-01T12:00:00.000Z' };
      let [reopened, claimed] = [0, 0];
      for (const id of ids.split(',')) {
        if (await stores.runs.reopen(tenant, id, { attempt: 2, act: JSON.parse(act) })) reopened += 1;
        if ((await stores.idempotencyKeys.claim({ ...claim, key: id }, now)).run_id === own) claimed += 1;
        await stores.requestCounts.count('k', { start: now, seconds: 60 });
      }
      console.log(JSON.stringify([reopened, claimed]));`;
    const outputs = await Promise.all(
      runIds(3).map((own) =>
        promisify(execFile)(
          process.execPath,
          inAnotherProcess(script, path, tenant, ids.join(','), own, JSON.stringify(sampleAct())),
        ),
      ),
    );
    const counts = outputs.map(({ stdout }) => JSON.parse(stdout) as readonly [number, number]);
    expect(counts.reduce((sum, [reopened]) => sum + reopened, 0)).toBe(200);
    expect(counts.reduce((sum, [, claimed]) => sum + claimed, 0)).toBe(200);
    expect(await stores.requestCounts.count('k', { start: '2026-01-31T12:00:00.000Z', seconds: 60 })).toBe(601);
    const { items } = await stores.runs.list(tenant, { limit: 200 });
    expect(items.every(({ status, attempt }) => status === 'running' && attempt === 2)).toBe(true);
  });

  it('may make the file at the same time', async () => {
    const path = join(folder, 'made-at-once.sqlite');
    const script = `await stores.runs.create(JSON.parse(values[1])); console.log('created');`;
    const tenant = freshTenant();
    const runs = runIds(4).map((run_id) => sampleRun(tenant, { run_id }));
    await Promise.all(
      runs.map((run) => promisify(execFile)(process.execPath, inAnotherProcess(script, path, JSON.stringify(run)))),
    );
    expect((await open(path).runs.list(tenant, { limit: 10 })).items).toEqual(runs.toReversed());
  });

  it('lose nothing that was written when one of them is killed', async () => {
    const path = join(folder, 'killed.sqlite');
    const tenant = freshTenant();
    const script = `
      for (let count = 0; count < 100_000; count += 1) {
        const run_id = String(count).padStart(26, '0');
        await stores.runs.create({ ...JSON.parse(values[1]), run_id });
        process.stdout.write(run_id + '\\n');
      }`;
    const child = spawn(process.execPath, inAnotherProcess(script, path, JSON.stringify(sampleRun(tenant))), {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    const written: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      written.push(line);
      if (written.length === 300) child.kill('SIGKILL');
    }
    expect(await exited).toEqual([null, 'SIGKILL']);
    const stores = open(path);
    const found = await Promise.all(written.map((id) => stores.runs.get(tenant, id)));
    expect(written.length).toBeGreaterThanOrEqual(300);
    expect(found.every((run) => run?.status === 'running')).toBe(true);
  });
});
