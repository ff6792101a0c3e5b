import type { DuckDBConnection } from '@duckdb/node-api';
import type { OpenTarget } from '../open-engine.ts';
import { outsideOf } from '../outside-of.ts';
import { createDuckdbPolicy } from './policy/duckdb-policy.ts';
import { withholdValues } from '../withhold-values.ts';
import { openDatabase } from './open-database.ts';
import { runStatement } from './run-statement.ts';

/** Opens a DuckDB file, or files that DuckDB reads, in this process. */
export const openDuckdb: OpenTarget<'duckdb' | 'files'> = async (target, bounds, wanted) => {
  const { instance, opened, catalog, attached } = await openDatabase(target, bounds, wanted);
  const parsing = await instance.connect();
  const outside = outsideOf(opened);
  const policy = createDuckdbPolicy({
    connection: parsing,
    tables: opened.addresses,
    default_schema: 'main',
    catalog,
    macros_in: attached,
    boundary: outside,
  });
  let running: DuckDBConnection | undefined;
  return {
    opened,
    async run(sql, limits) {
      const admitted = await policy.admit(sql);
      // A connection for each statement: nothing of one (a pending result, a transaction) can reach the next.
      running = await instance.connect();
      try {
        const used = running;
        return await withholdValues(sql, outside, () => runStatement(used, admitted, limits));
      } finally {
        running.closeSync();
        running = undefined;
      }
    },
    interrupt: () => running?.interrupt(),
    async close() {
      policy.close();
      parsing.closeSync();
      instance.closeSync();
    },
  };
};
