import pg from 'pg';
import { quoteName } from '../../src/domain/sql-name.ts';
import { postgresTable, runInPostgres } from '../domain/profile/profile-in-postgres.ts';
import { profileWith } from '../domain/profile/profile-with.ts';
import { isMissing } from '../support/is-missing.ts';
import { startPostgres } from '../support/postgres-server.ts';
import type { Measurement } from './measurement.ts';

const rows = 1_000_000;
const rounds = 3;

/** A number below `below` that looks drawn, the same in every run. */
const drawn = (salt: number, below: number): string => `((hashint8(i * ${salt}) & 2147483647) % ${below})`;

/** The twenty columns of a shop’s orders, as the bench of DuckDB has them. */
const generate = `CREATE TABLE orders AS SELECT
  i::bigint AS order_id,
  ${drawn(7, 50_000)}::bigint AS customer_id,
  ${drawn(11, 2_000)}::int AS product_id,
  TIMESTAMP '2022-01-01' + make_interval(secs => i / 10) AS ordered_at,
  CASE WHEN ${drawn(3, 20)} > 0 THEN TIMESTAMP '2022-01-01' + make_interval(secs => i / 10 + ${drawn(13, 400_000)}) END AS shipped_at,
  DATE '1950-01-01' + ${drawn(17, 20_000)} AS birth_date,
  ${drawn(19, 12)}::smallint AS quantity,
  (${drawn(23, 100_000)} / 100.0)::numeric(10, 2) AS price,
  ${drawn(29, 1_000_000)}::float8 / 7 AS score,
  CASE WHEN ${drawn(31, 10)} > 0 THEN ${drawn(31, 1_000)}::float8 / 3 END AS rating,
  ${drawn(37, 1_000_000)}::float4 AS weight,
  (ARRAY['new', 'paid', 'shipped', 'returned', 'lost'])[1 + ${drawn(41, 5)}] AS status,
  (ARRAY['DE', 'FR', 'ES', 'IT', 'NL', 'SE', 'PL'])[1 + ${drawn(43, 7)}] AS country,
  'user' || ${drawn(47, 3_000_000)} || '@example.com' AS email,
  'City ' || ${drawn(53, 4_000)} AS city,
  ${drawn(59, 2)} = 0 AS is_gift,
  ${drawn(61, 3)} = 0 AS is_express,
  'ref-' || md5(i::text) AS reference,
  CASE WHEN ${drawn(71, 50)} = 0 THEN 'note number ' || ${drawn(73, 1_000)} END AS note,
  ${drawn(79, 900_000)}::bigint AS batch
FROM generate_series(0, ${rows - 1}) AS generated(i)`;

/** What a plain tool asks of each column, one question at a time; of texts their lengths in the place of quantiles. */
const questions = (name: string, isText: boolean, isBoolean: boolean, isNumber: boolean): readonly string[] => {
  const x = quoteName(name);
  const points = 'ARRAY[0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]';
  return [
    `SELECT count(*) - count(${x}) FROM orders`,
    `SELECT count(DISTINCT ${x}) FROM orders`,
    `SELECT ${x}, count(*) FROM orders WHERE ${x} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC LIMIT 10`,
    ...(isBoolean ? [] : [`SELECT min(${x}), max(${x}) FROM orders`]),
    ...(isNumber ? [`SELECT avg(${x}), stddev_samp(${x}) FROM orders`] : []),
    ...(isNumber ? [`SELECT percentile_cont(${points}) WITHIN GROUP (ORDER BY ${x}::float8) FROM orders`] : []),
    ...(!isNumber && !isText && !isBoolean
      ? [`SELECT percentile_disc(${points}) WITHIN GROUP (ORDER BY ${x}) FROM orders`]
      : []),
    ...(isText ? [`SELECT min(length(${x})), max(length(${x})), avg(length(${x})) FROM orders`] : []),
  ];
};

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1_000;
};

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

/** The profile of a million rows and twenty columns in PostgreSQL beside one question at a time, and its preview. */
export const benchProfilePostgres = async (): Promise<readonly Measurement[]> => {
  if (isMissing('postgres')) return [];
  const server = await startPostgres();
  const client = new pg.Client({ connectionString: server.url() });
  try {
    await client.connect();
    await client.query(generate);
    await client.query('ANALYZE orders');
    const schema = await postgresTable(client, 'orders');
    const run = (sql: string) => runInPostgres(client, sql);
    const plain = schema.columns.flatMap(({ name, type }) =>
      questions(name, type === 'text', type === 'boolean', /int|numeric|double|real/.test(type)),
    );
    const times: { plain: number; profile: number; preview: number }[] = [];
    // In turn: what disturbs the machine must not fall on one side alone.
    for (let round = 0; round < rounds; round += 1) {
      times.push({
        profile: await seconds(() => profileWith('postgres', schema, run)),
        plain: await seconds(async () => {
          for (const sql of plain) await run(sql);
        }),
        preview: await seconds(() => profileWith('postgres', schema, run, { previewPercent: 0.5 })),
      });
    }
    const of = (name: 'plain' | 'profile' | 'preview'): number => median(times.map((time) => time[name]));
    return [
      {
        name: 'profile of 1M × 20 in PostgreSQL ÷ one query per column and figure',
        value: median(times.map(({ profile, plain: asked }) => profile / asked)),
        unit: '×',
        goal: '≤ 0.067',
      },
      { name: 'profile', value: of('profile'), unit: 's' },
      { name: `${plain.length} queries`, value: of('plain'), unit: 's' },
      { name: 'preview of a 0.5% sample, 5,000 rows', value: of('preview'), unit: 's', goal: '≤ 0.25' },
    ];
  } finally {
    await client.end();
    await server.stop();
  }
};
