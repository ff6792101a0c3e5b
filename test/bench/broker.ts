import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import mysql from 'mysql2/promise';
import pg from 'pg';
import { processSandbox } from '../../src/adapters/local/process-sandbox.ts';
import { heldByRun, type DatabaseTarget, type Lease } from '../../src/contracts/sandbox.ts';
import type { Sandbox } from '../../src/ports/sandbox.ts';
import { kernelPython } from '../runner-task/jail/jailed-session.ts';
import { isMissing } from '../support/is-missing.ts';
import { mariadbPassword, startMariadb } from '../support/mariadb-server.ts';
import { postgresPassword, startPostgres } from '../support/postgres-server.ts';
import type { Measurement } from './measurement.ts';
import { takeLease } from '../support/take-lease.ts';

const wantedMilliseconds = 50;
const rounds = 40;
/** More than any of the engines reads in that time, with these sums of each row, on a machine as fast as they come. */
const rows = 1_000_000;
const duckdbRows = 8_000_000;
/**
 * Always as many, for the time of judging a statement grows with its text: of MariaDB's, 16 sums take 2 ms more than one.
 * Were there as many as a slow or busy machine leaves room for, the figure would tell of that instead.
 */
const sums = 4;
const limits = { rows: 1_000, bytes: 1_000_000, seconds: 60 };

/** A database with `numbers` in it, as its driver reaches it and as a sandbox does. */
type Subject = {
  readonly name: string;
  readonly target: DatabaseTarget;
  readonly rows: number;
  /** Runs a statement and fetches its rows. */
  bare(sql: string): Promise<unknown>;
  close(): Promise<void>;
};

const server = { host: '127.0.0.1', database: 'app', user: 'owner', tls: 'disable', writable_role: 'accept' } as const;

const inPostgres = async (): Promise<Subject> => {
  const started = await startPostgres();
  // A second process for so many rows would be had or not, as the machine has it free.
  await started.run(`CREATE TABLE numbers AS SELECT n FROM generate_series(1, ${rows}) n; ANALYZE numbers;
    ALTER TABLE numbers SET (parallel_workers = 0)`);
  const client = new pg.Client({ connectionString: started.url() });
  await client.connect();
  return {
    name: 'PostgreSQL',
    rows,
    target: { ...server, engine: 'postgres', port: started.port, password: postgresPassword },
    bare: (sql) => client.query(sql),
    close: async () => {
      await client.end();
      await started.stop();
    },
  };
};

const inMariadb = async (): Promise<Subject> => {
  const started = await startMariadb();
  await started.run(`CREATE TABLE numbers AS SELECT seq AS n FROM seq_1_to_${rows}`);
  const client = await mysql.createConnection(started.url());
  return {
    name: 'MariaDB',
    rows,
    target: { ...server, engine: 'mysql', port: started.port, password: mariadbPassword },
    bare: (sql) => client.query(sql),
    close: async () => {
      await client.end();
      await started.stop();
    },
  };
};

const inDuckdb = async (folder: string): Promise<Subject> => {
  const path = join(folder, 'numbers.duckdb');
  const writer = await DuckDBInstance.create(path);
  const filling = await writer.connect();
  await filling.run(`CREATE TABLE numbers AS SELECT range + 1 AS n FROM range(${duckdbRows})`);
  filling.closeSync();
  writer.closeSync();
  const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  return {
    name: 'DuckDB',
    rows: duckdbRows,
    target: { engine: 'duckdb', path },
    bare: async (sql) => (await connection.runAndReadAll(sql)).getRowsJson(),
    close: async () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
};

const milliseconds = async (work: () => Promise<unknown>): Promise<number> => {
  const started = performance.now();
  await work();
  return performance.now() - started;
};
const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

/** A statement that the bare driver takes about the wanted time for: sums over texts of as many rows as it takes. A tenth off is close enough. */
const calibrate = async (subject: Subject): Promise<(round: number) => string> => {
  const statement = (below: number, round: number): string =>
    `SELECT ${Array.from({ length: sums }, (_, term) => `sum(length(concat(n, '${term}')))`).join(' + ')} AS s FROM numbers WHERE n <= ${below} AND n <> ${-round}`;
  const timed = async (below: number): Promise<number> => {
    const times: number[] = [];
    for (let round = 0; round < 7; round += 1) {
      times.push(await milliseconds(() => subject.bare(statement(below, round))));
    }
    // What it takes when nothing else runs.
    return Math.min(...times);
  };
  let below = subject.rows / 10;
  for (let step = 0; step < 8; step += 1) {
    const took = await timed(below);
    if (Math.abs(took / wantedMilliseconds - 1) < 0.1) break;
    below = Math.max(1_000, Math.min(subject.rows, Math.floor((below * wantedMilliseconds) / took)));
  }
  return (round) => statement(below, round);
};

const benchSubject = async (subject: Subject, sandbox: Sandbox, lease: Lease): Promise<readonly Measurement[]> => {
  const source = subject.name.toLowerCase();
  await sandbox.call(lease, 'open', { source, target: subject.target });
  const brokered = (sql: string) => sandbox.call(lease, 'execute_sql', { source, sql, limits, origin: 'tool' });
  const statement = await calibrate(subject);
  const pairs: { readonly bare: number; readonly over: number }[] = [];
  const small: number[] = [];
  for (let round = -5; round < rounds; round += 1) {
    // Another text each time, as people and models send them: nothing that was judged once is judged faster again.
    const sql = statement(round + rounds);
    // In turn, and each as often the first: what disturbs the machine must not fall on one side alone.
    const first = round % 2 === 0 ? await milliseconds(() => brokered(sql)) : undefined;
    const bare = await milliseconds(() => subject.bare(sql));
    const through = first ?? (await milliseconds(() => brokered(sql)));
    const one = await milliseconds(() => brokered('SELECT 1 AS one'));
    if (round < 0) continue;
    pairs.push({ bare, over: through - bare });
    small.push(one);
    await sandbox.call(lease, 'evidence', { after: Number.MAX_SAFE_INTEGER });
  }
  const bare = median(pairs.map((pair) => pair.bare));
  const over = median(pairs.map((pair) => pair.over));
  return [
    {
      // One name whatever the query took, by which `--against` finds the figure of the other side.
      name: `${subject.name}: what a sandbox adds to a query of about ${wantedMilliseconds} ms`,
      value: (over / bare) * 100,
      unit: '%',
      goal: '≤ 10',
    },
    { name: `${subject.name}: the same`, value: over, unit: 'ms' },
    { name: `${subject.name}: SELECT 1 through a sandbox`, value: median(small), unit: 'ms' },
  ];
};

/** What the way through a sandbox adds to a statement: the policy, the transaction, two processes, evidence. */
export const benchBroker = async (): Promise<readonly Measurement[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'surveyor-bench-'));
  const sandbox = processSandbox({ dataDir: folder, python: await kernelPython(), warm: 0 });
  const measured: Measurement[] = [];
  try {
    const lease = await takeLease(sandbox, 'bench', heldByRun('01ARZ3NDEKTSV4RRFFQ69G5FAV'));
    const makers = [
      ...(!isMissing('postgres') ? [inPostgres] : []),
      ...(!isMissing('mariadb') ? [inMariadb] : []),
      () => inDuckdb(folder),
    ];
    // One after the other: two servers that work share the processors.
    for (const make of makers) {
      const subject = await make();
      try {
        measured.push(...(await benchSubject(subject, sandbox, lease)));
      } finally {
        await subject.close();
      }
    }
    return measured;
  } finally {
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  }
};
