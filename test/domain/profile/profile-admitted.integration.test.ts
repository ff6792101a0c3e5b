import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMysqlPolicy } from '../../../runner-task/supervisor/engines/mysql/policy/mysql-policy.ts';
import { createPostgresPolicy } from '../../../runner-task/supervisor/engines/postgres/policy/postgres-policy.ts';
import type { Policy } from '../../../runner-task/supervisor/policy/statement-policy.ts';
import { createMysqlParser } from '../../../runner-task/supervisor/engines/mysql/policy/mysql-parser.ts';
import type { ResultTable } from '../../../src/contracts/sandbox.ts';
import type { ColumnSchema, TableSchema } from '../../../src/contracts/schema.ts';
import { estimateStatement, planProfile } from '../../../src/domain/profile/plan-profile.ts';
import { profileStatements } from '../../../src/domain/profile/profile-statements.ts';
import { wideColumnStatements } from '../../../src/domain/profile/wide-columns.ts';
import { readFigures } from '../../../src/domain/figures/read-figures.ts';
import { policyPython } from '../../runner-task/policy/policy-python.ts';

const types = {
  postgres: [
    'bigint',
    'double precision',
    'numeric(10,2)',
    'money',
    'date',
    'timestamp without time zone',
    'timestamp with time zone',
    'boolean',
    'text',
    'character(5)',
    'uuid',
    'interval',
    'inet',
    'int4range',
    'bytea',
    'jsonb',
    'integer[]',
    'a type never heard of',
  ],
  mysql: [
    'bigint(20) unsigned',
    'double',
    'decimal(10,2)',
    'date',
    'datetime(6)',
    'timestamp',
    'time',
    'year(4)',
    'tinyint(1)',
    'varchar(20)',
    'longtext',
    "enum('a','b')",
    "set('a','b')",
    'bit(3)',
    'blob',
    'json',
    'geometry',
  ],
};
const typeNames = { postgres: ['double precision', 'text', 'date'], mysql: ['double', 'varchar(20)', 'datetime'] };

const table = (columns: readonly ColumnSchema[]): TableSchema => ({
  name: 'odd',
  kind: 'table',
  columns: [...columns],
  constraints: [],
});

/** What a statement answered: figures by name. */
const answer = (figures: Readonly<Record<string, string>>): ResultTable => ({
  columns: ['name', 'value', 'count'].map((name) => ({ name, type: '' })),
  values: [Object.keys(figures), Object.values(figures), Object.keys(figures).map(() => null)],
  rows: Object.keys(figures).length,
  truncated: false,
});

describe.each(['postgres', 'mysql'] as const)('the policy of %s admits what measures', (engine) => {
  const quote = engine === 'postgres' ? '"' : '`';
  const tables: Readonly<Record<string, TableSchema>> = {
    'a table of oddities': table(
      types[engine].map((type, at) => ({ name: `Ödd ${quote}${at}${quote} -- 'x'; /* ?`, type, nullable: true })),
    ),
    '300 columns': table(
      Array.from({ length: 300 }, (_, at) => ({
        name: `number_${at}`,
        type: typeNames[engine][at % 3] ?? '',
        nullable: true,
      })),
    ),
  };
  let policy: Policy;
  beforeAll(async () => {
    const addresses = [{ name: 'odd', table: 'odd' }];
    policy =
      engine === 'postgres'
        ? createPostgresPolicy({ tables: addresses, default_schema: 'public' })
        : createMysqlPolicy({
            tables: addresses,
            default_schema: 'app',
            parser: createMysqlParser(await policyPython()),
            fold_names: false,
          });
  }, 120_000);
  afterAll(() => policy.close());

  it.each(Object.keys(tables))(
    '%s, small, large and previewed',
    async (name) => {
      const schema = tables[name] ?? table([]);
      const estimate = estimateStatement(engine, schema) ?? '';
      const planned = (rows: number, previewPercent?: number): readonly string[] => {
        const plan = planProfile(engine, schema, {
          estimate: readFigures([answer({ rows: String(rows) })]),
          now: 1_750_000_000,
          previewPercent,
        });
        const ends = schema.columns.flatMap((_, at) => [
          [`c${at}_min`, '-1700000000000000007'],
          [`c${at}_max`, '17000000000000000077'],
        ]);
        // As if all numbers were such that they are measured again.
        const wide = wideColumnStatements(plan, readFigures([answer(Object.fromEntries(ends))]));
        return [...profileStatements(plan), ...wide];
      };
      const statements = [estimate, ...planned(1_000), ...planned(1_000_000), ...planned(1_000_000, 1)];
      for (const sql of statements) {
        const verdict = await policy.judge(sql);
        expect(verdict.allowed ? undefined : [verdict, sql.slice(0, 300)]).toBeUndefined();
      }
    },
    240_000,
  );
});
