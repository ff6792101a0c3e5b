import { DatabaseSync } from 'node:sqlite';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDuckdbPolicy } from '../../../runner-task/supervisor/engines/duckdb/policy/duckdb-policy.ts';
import { createMysqlParser } from '../../../runner-task/supervisor/engines/mysql/policy/mysql-parser.ts';
import { createMysqlPolicy } from '../../../runner-task/supervisor/engines/mysql/policy/mysql-policy.ts';
import { createPostgresPolicy } from '../../../runner-task/supervisor/engines/postgres/policy/postgres-policy.ts';
import { addFunctions } from '../../../runner-task/supervisor/engines/sqlite/add-functions.ts';
import { createSqlitePolicy } from '../../../runner-task/supervisor/engines/sqlite/policy/sqlite-policy.ts';
import { quoteName } from '../../../src/domain/sql-name.ts';
import type { Policy } from '../../../runner-task/supervisor/policy/statement-policy.ts';
import { Engine } from '../../../src/contracts/engine.ts';
import { type OddColumn, tablesOfEveryType } from '../../support/tables-of-every-type.ts';
import { policyPython } from '../../runner-task/policy/policy-python.ts';
import { plainColumns, statementsAbout, suspiciousTables } from './suspicious-table.ts';

const tables = ['odd', 'also_odd'].map((name) => ({ name, table: name }));

/** The columns that are asked about, and what they are. */
const columnsOf = (engine: Engine): readonly (readonly [string, readonly OddColumn[]])[] => {
  const { columns } = tablesOfEveryType[engine];
  const odd = columns.map(([name, ...rest]): OddColumn => [`Ödd "${name}" \`${name}\` -- 'x'; /* ?`, ...rest]);
  return [
    ['tables of every type', columns],
    ['tables whose columns are called oddly', odd],
    ['plain tables', plainColumns[engine]],
  ];
};

const policies: Readonly<Record<Engine, () => Promise<Policy>>> = {
  duckdb: async () => {
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    return createDuckdbPolicy({ connection, tables, default_schema: 'main' });
  },
  // SQLite judges what it can prepare, so there are tables with all the columns that are asked about.
  sqlite: async () => {
    const database = new DatabaseSync(':memory:');
    const columns = columnsOf('sqlite').flatMap(([, some]) => some.map(([name, type]) => `${quoteName(name)} ${type}`));
    for (const { name } of tables) database.exec(`create table ${name} (${columns.join(', ')})`);
    addFunctions(database);
    return createSqlitePolicy({ database, tables, default_schema: 'main', unreadable: [], names: [] });
  },
  postgres: async () => createPostgresPolicy({ tables, default_schema: 'public' }),
  mysql: async () =>
    createMysqlPolicy({
      tables,
      default_schema: 'app',
      parser: createMysqlParser(await policyPython()),
      fold_names: false,
    }),
};

describe.each(Engine.options)('the policy of %s', (engine) => {
  let policy: Policy;
  beforeAll(async () => {
    policy = await policies[engine]();
  }, 120_000);
  afterAll(() => policy?.close());

  it.each(columnsOf(engine))(
    'admits what the rules ask of %s, and every check',
    async (_, columns) => {
      const asked = (['keys', 'groups'] as const).map((keys) =>
        statementsAbout(engine, suspiciousTables(engine, columns, keys)),
      );
      const statements = asked.flatMap((one) => [...one.statements, ...one.checks.flatMap(({ check }) => check ?? [])]);
      expect(statements.length).toBeGreaterThan(20);
      for (const sql of new Set(statements)) {
        const verdict = await policy.judge(sql);
        expect(verdict.allowed ? undefined : [verdict, sql.slice(0, 300)]).toBeUndefined();
      }
    },
    240_000,
  );
});
