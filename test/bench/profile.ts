import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { profileInDuckdb, tableSchema } from '../domain/profile/profile-in-duckdb.ts';
import type { Measurement } from './measurement.ts';

const rows = 10_000_000;
const rounds = 3;
const threads = '2';

/** Twenty columns of a shop’s orders: keys, references, categories, free text, times, days, money, measurements, flags. */
const generate = `
CREATE TABLE orders AS SELECT
  i AS order_id,
  CAST(hash(i * 7) % 50000 AS BIGINT) AS customer_id,
  CAST(hash(i * 11) % 2000 AS INTEGER) AS product_id,
  TIMESTAMP '2022-01-01' + INTERVAL (i // 10) SECOND AS ordered_at,
  CASE WHEN hash(i * 3) % 20 > 0 THEN TIMESTAMP '2022-01-01' + INTERVAL (i // 10 + hash(i * 13) % 400000) SECOND END AS shipped_at,
  DATE '1950-01-01' + CAST(hash(i * 17) % 20000 AS INTEGER) AS birth_date,
  CAST(hash(i * 19) % 12 AS TINYINT) AS quantity,
  CAST(hash(i * 23) % 100000 / 100 AS DECIMAL(10, 2)) AS price,
  CAST(hash(i * 29) % 1000000 AS DOUBLE) / 7 AS score,
  CASE WHEN hash(i * 31) % 10 > 0 THEN CAST(hash(i * 31) % 1000 AS DOUBLE) / 3 END AS rating,
  CAST(hash(i * 37) % 1000000 AS FLOAT) AS weight,
  ['new', 'paid', 'shipped', 'returned', 'lost'][1 + CAST(hash(i * 41) % 5 AS INTEGER)] AS status,
  ['DE', 'FR', 'ES', 'IT', 'NL', 'SE', 'PL'][1 + CAST(hash(i * 43) % 7 AS INTEGER)] AS country,
  'user' || (hash(i * 47) % 3000000) || '@example.com' AS email,
  'City ' || (hash(i * 53) % 4000) AS city,
  hash(i * 59) % 2 = 0 AS is_gift,
  hash(i * 61) % 3 = 0 AS is_express,
  'ref-' || hex(hash(i * 67)) AS reference,
  CASE WHEN hash(i * 71) % 50 = 0 THEN 'note number ' || (hash(i * 73) % 1000) END AS note,
  CAST(hash(i * 79) % 900000 AS BIGINT) AS batch
FROM range(${rows}) AS generated(i)`;

/** The table is about 550 MB and takes a minute to make, so it is kept for the next time. */
const tableFile = async (): Promise<string> => {
  const folder = join(tmpdir(), 'surveyor-bench');
  const file = join(folder, 'orders-10m-1.duckdb');
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  const draft = `${file}.draft`;
  for (const leftOver of [draft, `${draft}.wal`]) rmSync(leftOver, { force: true });
  console.log(`  making ${rows.toLocaleString('en')} rows in ${file}`);
  const instance = await DuckDBInstance.create(draft, { threads });
  const connection = await instance.connect();
  await connection.run(generate);
  connection.closeSync();
  instance.closeSync();
  renameSync(draft, file);
  return file;
};

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1_000;
};

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

const measure = async (connection: DuckDBConnection) => {
  const schema = await tableSchema(connection, 'orders');
  const times: { summarize: number; profile: number; preview: number }[] = [];
  // In turn: what disturbs the machine must not fall on one side alone.
  for (let round = 0; round < rounds; round += 1) {
    times.push({
      summarize: await seconds(() => connection.runAndReadAll('SUMMARIZE orders')),
      profile: await seconds(() => profileInDuckdb(connection, schema, { rows })),
      preview: await seconds(() => profileInDuckdb(connection, schema, { rows, previewPercent: 1 })),
    });
  }
  return {
    ratio: median(times.map(({ profile, summarize }) => profile / summarize)),
    summarize: median(times.map(({ summarize }) => summarize)),
    profile: median(times.map(({ profile }) => profile)),
    preview: median(times.map(({ preview }) => preview)),
  };
};

/** The profile of 10 million rows and 20 columns beside DuckDB’s own `SUMMARIZE` of them, both on two threads. */
export const benchProfile = async (): Promise<readonly Measurement[]> => {
  const instance = await DuckDBInstance.create(await tableFile(), { threads, access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  try {
    const { ratio, summarize, profile, preview } = await measure(connection);
    return [
      { name: 'profile of 10M × 20 ÷ SUMMARIZE, median of three', value: ratio, unit: '×', goal: '≤ 0.4' },
      { name: 'profile', value: profile, unit: 's' },
      { name: 'SUMMARIZE', value: summarize, unit: 's' },
      { name: 'preview of a 1% sample', value: preview, unit: 's', goal: '≤ 0.5' },
    ];
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
};
