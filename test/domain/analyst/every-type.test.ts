import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine, ServerEngine } from '../../../src/contracts/engine.ts';
import { planChecks } from '../../../src/domain/analyst/plan-checks.ts';
import { planCell, pythonCell } from '../../../src/domain/analyst/survey-cell.ts';
import type { Rows } from '../../../src/domain/analyst/finding.ts';
import { engineSql } from '../../../src/domain/engines/registry.ts';
import type { DigestColumn, DigestTable, ProfileDigest } from '../../../src/domain/profile-digest.ts';
import { inProcessSandbox } from '../../support/in-process-sandbox.ts';
import { isMissing, needsOf } from '../../support/is-missing.ts';
import { startMariadb } from '../../support/mariadb-server.ts';
import { startPostgres } from '../../support/postgres-server.ts';
import { openServerSession } from '../../support/server-session.ts';
import { type OddColumn, tablesOfEveryType } from '../../support/tables-of-every-type.ts';

/** Where statements of one engine run. */
type Place = { run(script: string): Promise<unknown>; ask(sql: string): Promise<unknown>; close(): Promise<void> };

const onServer = async (engine: ServerEngine): Promise<Place> => {
  const server = await (engine === 'postgres' ? startPostgres() : startMariadb());
  const session = await openServerSession(engine, server.url());
  return {
    run: (script) => session.run(script),
    ask: (sql) => session.query(sql),
    close: async () => {
      await session.end();
      await server.stop();
    },
  };
};

const places: Readonly<Record<Engine, () => Promise<Place>>> = {
  duckdb: async () => {
    const { query } = await inProcessSandbox();
    return { run: query, ask: query, close: async () => {} };
  },
  postgres: () => onServer('postgres'),
  mysql: () => onServer('mysql'),
};

/** A column with figures that give rise to every check that its kind allows. */
const suspicious = (engine: Engine, [name, type, base_type]: OddColumn): DigestColumn => {
  const base = base_type === undefined ? {} : { base_type };
  const kind = engineSql[engine].profileSql.kindOf({
    name,
    type: type.replace(/ (character set|null).*/, ''),
    nullable: true,
    ...base,
  });
  const isKey = /_(id|no)$/.test(name);
  return {
    name,
    type,
    kind,
    ...base,
    nulls: { count: 5, share: 0.05 },
    distinct: isKey ? { count: 100, share: 1 } : { count: kind === 'time' ? 60 : 5, share: 0.05 },
    range: { min: -10, max: 1_000 },
    ...(kind === 'number' && {
      signs: { zero: 1, negative: 1, not_finite: 1 },
      quantiles: { p01: 0, p25: 1, p50: 2, p75: 3, p99: 9 },
      outliers: { below: 1, above: 1, low_fence: 0, high_fence: 7 },
    }),
    ...(kind === 'time' && { freshness: { newest: '2055-01-01', age_seconds: -1, in_future: 1 } }),
    ...(kind === 'text' && { lengths: { min: 0, max: 60, mean: 10 }, shapes: { values: 100, blank: 1, padded: 3 } }),
  };
};

/** Two tables alike, the second pointing at the first by its first column. */
const digestOf = (engine: Engine, columns: readonly OddColumn[]): ProfileDigest => {
  const table = (name: string): DigestTable => ({
    table: name,
    rows: { count: 100 },
    statements: ['e000000000000'],
    columns: columns.map((column) => suspicious(engine, column)),
  });
  const [first = ''] = columns.map(([name]) => name);
  const references = { table: 'odd', columns: [first] };
  const pointing = {
    ...table('also_odd'),
    constraints: [{ kind: 'foreign_key' as const, columns: [first], references }],
  };
  const database = { source: 'odd', engine, engine_version: '', failed: [], tables: [table('odd'), pointing] };
  return { databases: [database] };
};

/** Every statement that the analyst could come to ask about these columns: planned, further ones, checks, the cell’s. */
const statementsAbout = (engine: Engine, columns: readonly OddColumn[]): readonly string[] => {
  const digest = digestOf(engine, columns);
  const outliers: Rows = columns.map(([col]) => ({ col, value: '999', n: '50', total: '60', far: '55' }));
  const planned = planChecks(digest).flatMap(({ check }) => {
    const reading = check.read(outliers, 'e000000000000');
    return [
      check.sql,
      ...(reading.next ?? []).map(({ sql }) => sql),
      ...(reading.findings ?? []).flatMap((f) => f.check ?? []),
    ];
  });
  const cell = pythonCell(
    planCell(digest, () => []),
    false,
  );
  const asked = JSON.parse(
    JSON.parse(/^try_each\((".*"), look_at\)$/m.exec(cell)?.[1] ?? '"[]"') as string,
  ) as readonly {
    readonly count: string;
    readonly numbers: string | null;
  }[];
  return [...planned, ...asked.flatMap(({ count, numbers }) => [count, ...(numbers === null ? [] : [numbers])])];
};

describe.each(['duckdb', 'postgres', 'mysql'] as const)('on %s', (engine) => {
  describe.skipIf(isMissing(...needsOf[engine]))('what the analyst asks', () => {
    const odd = tablesOfEveryType[engine];
    let place: Place;

    beforeAll(async () => {
      const { quoteName } = engineSql[engine].names;
      place = await places[engine]();
      for (const statement of odd.before) await place.run(statement);
      for (const table of ['odd', 'also_odd']) {
        const declared = odd.columns.map(([name, type]) => `${quoteName(name)} ${type}`);
        await place.run(`create table ${table} (${declared.join(', ')})`);
        for (const row of odd.rows) {
          const names = Object.keys(row).map(quoteName);
          await place.run(`insert into ${table} (${names.join(', ')}) values (${Object.values(row).join(', ')})`);
        }
      }
    }, 120_000);
    afterAll(() => place?.close());

    it('runs on every type, whatever stands beside it', async () => {
      // Each with each of its kind, so that limits on the number of columns hide none.
      const pairs = odd.columns.flatMap((a, index) => odd.columns.slice(index).map((b) => [a, b] as const));
      const kindOf = (column: OddColumn) => suspicious(engine, column).kind;
      const sets = pairs.filter(([a, b]) => kindOf(a) === kindOf(b)).map(([a, b]) => [...new Set([a, b])]);
      const statements = new Set([...sets, odd.columns].flatMap((columns) => statementsAbout(engine, columns)));
      const failed: string[] = [];
      for (const sql of statements) {
        await place.ask(sql).catch((error: unknown) => failed.push(`${String(error)}\n${sql}`));
      }
      console.log(`${engine}: ${statements.size} statements over ${odd.columns.length} types`);
      expect(failed).toEqual([]);
      expect(statements.size).toBeGreaterThan(100);
    }, 120_000);
  });
});
