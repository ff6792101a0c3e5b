import type { ColumnProfile, RunProfile, TableProfile } from '../../src/contracts/profile.ts';
import { columnKind } from '../../src/domain/engines/duckdb/column-kind.ts';
import type { InProcessSandbox } from './in-process-sandbox.ts';

/** The profile of every table of a sandbox, measured plainly and exactly: what tests of its readers need, and no more. */
export const measuredProfile = async (sandbox: InProcessSandbox, now = '2026-01-31T12:00:00Z'): Promise<RunProfile> => {
  const rowsOf = async (sql: string): Promise<readonly Readonly<Record<string, string | number | null>>[]> => {
    const table = await sandbox.query(sql, 1_000_000);
    return Array.from({ length: table.rows }, (_, row) =>
      Object.fromEntries(
        table.columns.map(({ name }, column) => [name, table.values[column]![row] as string | number | null]),
      ),
    );
  };
  const one = async (sql: string): Promise<Record<string, number>> => {
    const [row = {}] = await rowsOf(sql);
    return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value ?? 0)]));
  };

  const measure = async (table: string, name: string, type: string, rows: number): Promise<ColumnProfile> => {
    const x = quote(name);
    const from = `from ${quote(table)}`;
    const kind = columnKind(type);
    const [basics = {}] = await rowsOf(
      `select count(${x}) as filled, count(distinct ${x}) as different, cast(min(${x}) as varchar) as least, cast(max(${x}) as varchar) as most ${from}`,
    );
    const filled = Number(basics['filled']);
    const shown = (value: unknown) => (kind === 'number' ? Number(value) : String(value));
    const column: ColumnProfile = {
      name,
      type,
      kind,
      nulls: { basis: 'exact', count: rows - filled, share: rows === 0 ? 0 : (rows - filled) / rows },
      distinct: {
        basis: 'approximate',
        count: Number(basics['different']),
        share: Number(basics['different']) / Math.max(1, filled),
      },
      ...(filled === 0 ? {} : { range: { basis: 'exact', min: shown(basics['least']), max: shown(basics['most']) } }),
    };
    if (filled === 0) return column;
    if (kind === 'number') {
      const ordinary = `(select cast(${x} as double) as y ${from} where cast(${x} as double) between -1e300 and 1e300)`;
      const q = await one(
        `select quantile_cont(y, 0.01) as p01, quantile_cont(y, 0.25) as p25, quantile_cont(y, 0.5) as p50, quantile_cont(y, 0.75) as p75, quantile_cont(y, 0.99) as p99, avg(y) as mean, stddev(y) as deviation, count(*) as n, min(y) as least, max(y) as most, count(*) filter (where y = 0) as zero, count(*) filter (where y < 0) as negative from ${ordinary}`,
      );
      const [low, high] = [q['p25']! - 3 * (q['p75']! - q['p25']!), q['p75']! + 3 * (q['p75']! - q['p25']!)];
      const beyond = await one(
        `select count(*) filter (where y < ${low}) as below, count(*) filter (where y > ${high}) as above from ${ordinary}`,
      );
      return {
        ...column,
        range: { basis: 'exact', min: q['least']!, max: q['most']! },
        moments: { basis: 'exact', mean: q['mean']!, deviation: q['deviation']! },
        signs: { basis: 'exact', zero: q['zero']!, negative: q['negative']!, not_finite: filled - q['n']! },
        quantiles: {
          basis: 'exact',
          p01: q['p01']!,
          p05: q['p01']!,
          p25: q['p25']!,
          p50: q['p50']!,
          p75: q['p75']!,
          p95: q['p99']!,
          p99: q['p99']!,
        },
        ...(q['p25']! < q['p75']! && {
          outliers: {
            basis: 'exact',
            below: beyond['below']!,
            above: beyond['above']!,
            low_fence: low,
            high_fence: high,
          },
        }),
      };
    }
    if (kind === 'time') {
      const [t = {}] = await rowsOf(
        `select cast(quantile_disc(${x}, 0.01) as varchar) as p01, cast(quantile_disc(${x}, 0.5) as varchar) as p50, cast(quantile_disc(${x}, 0.99) as varchar) as p99, count(*) filter (where ${x} > timestamp '${now.slice(0, 19).replace('T', ' ')}') as future ${from}`,
      );
      const [p01, p50, p99] = [String(t['p01']), String(t['p50']), String(t['p99'])];
      return {
        ...column,
        quantiles: { basis: 'exact', p01, p05: p01, p25: p01, p50, p75: p50, p95: p99, p99 },
        freshness: { basis: 'exact', newest: String(basics['most']), age_seconds: 0, in_future: Number(t['future']) },
      };
    }
    if (kind === 'text') {
      const full = (pattern: string): string => `count(*) filter (where regexp_full_match(${x}, '${pattern}'))`;
      const t = await one(
        `select min(length(${x})) as least, max(length(${x})) as most, avg(length(${x})) as mean, ${full('[^@\\s]+@[^@\\s]+\\.[A-Za-z]+')} as email, ${full('\\+?[0-9][0-9 ()-]{7,}')} as phone, ${full('[0-9]+\\.[0-9]+\\.[0-9]+\\.[0-9]+')} as ip_address, count(*) filter (where trim(${x}) = '') as blank, count(*) filter (where trim(${x}) <> ${x}) as padded ${from}`,
      );
      const top = await rowsOf(
        `select ${x} as value, count(*) as n ${from} where ${x} is not null group by 1 order by 2 desc, 1 limit 10`,
      );
      return {
        ...column,
        lengths: { basis: 'exact', min: t['least']!, max: t['most']!, mean: t['mean']! },
        shapes: {
          basis: 'exact',
          values: filled,
          email: t['email']!,
          phone: t['phone']!,
          card: 0,
          ip_address: t['ip_address']!,
          uuid: 0,
          url: 0,
          number: 0,
          time: 0,
          blank: t['blank']!,
          padded: t['padded']!,
        },
        top_values: { basis: 'exact', values: top.map(({ value, n }) => ({ value: String(value), count: Number(n) })) },
      };
    }
    return column;
  };

  const tables: TableProfile[] = [];
  for (const { name: table, kind } of await rowsOf(
    "select table_name as name, table_type as kind from information_schema.tables where table_schema = 'main' order by 1",
  )) {
    const declared = await rowsOf(
      `select column_name as name, data_type as type from information_schema.columns where table_name = '${String(table).replaceAll("'", "''")}' order by ordinal_position`,
    );
    const rows = (await one(`select count(*) as n from ${quote(String(table))}`))['n']!;
    const distinct = (await one(`select count(*) as n from (select distinct * from ${quote(String(table))})`))['n']!;
    const columns: ColumnProfile[] = [];
    for (const { name, type } of declared) columns.push(await measure(String(table), String(name), String(type), rows));
    tables.push({
      table: String(table),
      schema: {
        name: String(table),
        kind: kind === 'VIEW' ? 'view' : 'table',
        columns: [],
        constraints: primaryKey(await rowsOf(keysOf(String(table)))),
      },
      rows: { basis: 'exact', count: rows },
      columns,
      duplicate_rows: { basis: 'exact', count: rows - distinct },
      statements: [`e${String(tables.length + 1).padStart(12, '0')}`],
      profiled_at: '2026-01-31T12:00:00.000Z',
      milliseconds: 1,
    });
  }
  return {
    databases: [
      { source: 'main', label: 'shop', engine: 'duckdb', engine_version: '1.5', tables, failed: [], not_visible: [] },
    ],
  };
};

const keysOf = (table: string): string =>
  `select unnest(constraint_column_names) as name from duckdb_constraints() where constraint_type = 'PRIMARY KEY' and table_name = '${table.replaceAll("'", "''")}'`;

const primaryKey = (rows: readonly Readonly<Record<string, unknown>>[]): TableProfile['schema']['constraints'] =>
  rows.length === 0 ? [] : [{ kind: 'primary_key', columns: rows.map(({ name }) => String(name)) }];

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;
