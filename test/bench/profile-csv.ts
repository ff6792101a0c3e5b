import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { loadCsv } from '../../runner-task/supervisor/engines/duckdb/files/load-csv.ts';
import { openDatabase } from '../../runner-task/supervisor/engines/duckdb/open-database.ts';
import { quoteText } from '../../src/domain/sql-name.ts';
import { profileInDuckdb } from '../domain/profile/profile-in-duckdb.ts';
import type { Measurement } from './measurement.ts';

const rows = 1_000_000;
const rounds = 3;
const loadRounds = 7;
const threads = '2';

/** Ten columns of sales, of the kinds that a CSV file holds. */
const generate = (file: string): string => `COPY (SELECT
  i AS sale_id,
  hash(i * 7) % 50000 AS customer_id,
  TIMESTAMP '2022-01-01' + INTERVAL (i // 10) SECOND AS sold_at,
  DATE '1950-01-01' + CAST(hash(i * 17) % 20000 AS INTEGER) AS birth_date,
  hash(i * 19) % 12 AS quantity,
  CAST(hash(i * 23) % 100000 / 100 AS DECIMAL(10, 2)) AS price,
  CASE WHEN hash(i * 31) % 10 > 0 THEN CAST(hash(i * 31) % 1000 AS DOUBLE) / 3 END AS rating,
  ['new', 'paid', 'shipped', 'returned', 'lost'][1 + CAST(hash(i * 41) % 5 AS INTEGER)] AS status,
  'user' || (hash(i * 47) % 300000) || '@example.com' AS email,
  hash(i * 59) % 2 = 0 AS is_gift
FROM range(${rows}) AS generated(i)) TO ${quoteText(file)} (HEADER)`;

const inMemory = async <T>(
  work: (connection: Awaited<ReturnType<DuckDBInstance['connect']>>) => Promise<T>,
): Promise<T> => {
  const instance = await DuckDBInstance.create(':memory:', { threads });
  const connection = await instance.connect();
  try {
    return await work(connection);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
};

/** Opens the file as a sandbox does, which loads it, and measures its table. */
const survey = async (file: string, folder: string): Promise<void> => {
  const { instance, opened } = await openDatabase(
    { engine: 'files', path: file },
    { memory_bytes: 1_000_000_000, spill_folder: folder, python: '/no/python' },
  );
  const connection = await instance.connect();
  const [table] = opened.schema.tables;
  if (table === undefined) throw new Error(`${file} was opened as no table.`);
  await profileInDuckdb(connection, table, { rows: table.estimated_rows ?? rows });
  connection.closeSync();
  instance.closeSync();
};

/** Loads the file into a table, as a sandbox does: planned, counted, each value written back. */
const loadChecked = (file: string): Promise<unknown> =>
  inMemory((connection) =>
    loadCsv(
      connection,
      { name: 'sales.csv', path: file, bytes: statSync(file).size, table: 'sales', format: 'csv', notes: [] },
      true,
    ),
  );

/** Loads it as DuckDB detects it, with no check of ours. */
const loadUnchecked = (file: string): Promise<unknown> =>
  inMemory((connection) => connection.run(`CREATE TABLE sales AS FROM read_csv(${quoteText(file)})`));

/** Of the processor, all threads together: it does not depend on what else runs. */
const processorSeconds = async (work: () => Promise<unknown>): Promise<number> => {
  const started = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1_000_000;
};

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1_000;
};

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

/** A CSV file of a million rows, opened and profiled, beside DuckDB’s own `SUMMARIZE` of the file. */
export const benchProfileCsv = async (): Promise<readonly Measurement[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'surveyor-bench-csv-'));
  const file = join(folder, 'sales.csv');
  try {
    await inMemory((connection) => connection.run(generate(file)));
    const times: { summarize: number; profile: number }[] = [];
    for (let round = 0; round < rounds; round += 1) {
      times.push({
        profile: await seconds(() => survey(file, folder)),
        summarize: await seconds(() =>
          inMemory((connection) => connection.runAndReadAll(`SUMMARIZE FROM ${quoteText(file)}`)),
        ),
      });
    }
    const loads: { checked: number; unchecked: number }[] = [];
    for (let round = 0; round < loadRounds; round += 1) {
      loads.push({
        checked: await processorSeconds(() => loadChecked(file)),
        unchecked: await processorSeconds(() => loadUnchecked(file)),
      });
    }
    return [
      {
        name: 'loading a 1M-row CSV with our checks ÷ without them, processor time',
        value: median(loads.map(({ checked, unchecked }) => checked / unchecked)),
        unit: '×',
        goal: '≤ 1.10',
      },
      { name: 'loaded with checks', value: median(loads.map(({ checked }) => checked)), unit: 's' },
      { name: 'loaded without', value: median(loads.map(({ unchecked }) => unchecked)), unit: 's' },
      {
        name: '1M-row CSV opened and profiled ÷ SUMMARIZE of the file',
        value: median(times.map(({ profile, summarize }) => profile / summarize)),
        unit: '×',
        goal: '≤ 1',
      },
      { name: 'opened and profiled', value: median(times.map(({ profile }) => profile)), unit: 's' },
      { name: 'SUMMARIZE', value: median(times.map(({ summarize }) => summarize)), unit: 's' },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
