import { DatabaseSync } from 'node:sqlite';
import { DuckDBInstance } from '@duckdb/node-api';
import { createDuckdbPolicy } from '../../../runner-task/supervisor/engines/duckdb/policy/duckdb-policy.ts';
import { createMysqlParser } from '../../../runner-task/supervisor/engines/mysql/policy/mysql-parser.ts';
import { createMysqlPolicy } from '../../../runner-task/supervisor/engines/mysql/policy/mysql-policy.ts';
import { createPostgresPolicy } from '../../../runner-task/supervisor/engines/postgres/policy/postgres-policy.ts';
import { addFunctions } from '../../../runner-task/supervisor/engines/sqlite/add-functions.ts';
import { createSqlitePolicy } from '../../../runner-task/supervisor/engines/sqlite/policy/sqlite-policy.ts';
import type { Policy } from '../../../runner-task/supervisor/policy/statement-policy.ts';
import { policyPython } from './policy-python.ts';

/** The engines whose policies are tried side by side. */
export const policyEngines = ['postgres', 'mysql', 'duckdb', 'sqlite'] as const;
export type PolicyEngine = (typeof policyEngines)[number];

const tables = [
  { name: 'parts', table: 'parts' },
  { name: 'totals', table: 'totals' },
];
const views = [{ name: 'totals', table: 'totals' }];
const outside = { views, leading: [] };
const declared = `CREATE TABLE parts (id INTEGER, name VARCHAR(40), price DOUBLE PRECISION, made TIMESTAMP);
  CREATE TABLE hidden (secret TEXT); CREATE VIEW totals AS SELECT id, price FROM parts;`;

/** A policy of an engine for the table `parts` and the view `totals`; of a run that has no others, or of a whole database. */
export const openPolicy = async (engine: PolicyEngine, isNarrow: boolean): Promise<Policy> => {
  switch (engine) {
    case 'postgres':
      return createPostgresPolicy({
        tables,
        default_schema: 'public',
        columns: [
          ['id', 'name', 'price', 'made'],
          ['id', 'price'],
        ],
        ...(isNarrow && { opaque: views }),
      });
    case 'mysql':
      return createMysqlPolicy({
        tables,
        default_schema: 'app',
        fold_names: false,
        parser: createMysqlParser(await policyPython()),
        ...(isNarrow && { boundary: outside }),
      });
    case 'duckdb': {
      const instance = await DuckDBInstance.create();
      const connection = await instance.connect();
      await connection.run(declared);
      return createDuckdbPolicy({
        connection,
        tables,
        default_schema: 'main',
        catalog: 'memory',
        ...(isNarrow && { boundary: outside }),
      });
    }
    case 'sqlite': {
      const database = new DatabaseSync(':memory:');
      database.exec(declared);
      addFunctions(database);
      return createSqlitePolicy({
        database,
        tables,
        default_schema: 'main',
        unreadable: [],
        names: ['parts', 'hidden', 'totals'],
        ...(isNarrow && { boundary: outside }),
      });
    }
  }
};
