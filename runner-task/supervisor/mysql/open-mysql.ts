import type { OpenTarget } from '../engine.ts';
import { createPolicy } from '../policy/judge-statement.ts';
import { openServer } from './open-server.ts';

/**
 * Opens a database on a MySQL or MariaDB server: the one that the connection names. What these servers call other
 * databases are other schemas; they are not surveyed, each is a connection of its own. The policy stands before the
 * read-only session, which lets `SELECT … INTO OUTFILE` and `SET GLOBAL` through.
 */
export const openMysql: OpenTarget<'mysql'> = async (target, { python }) => {
  const { opened, folds_names, ...server } = await openServer(target);
  const policy = createPolicy({
    engine: 'mysql',
    tables: opened.addresses,
    default_schema: target.database,
    fold_names: folds_names,
    python,
  });
  return {
    opened,
    run: async (sql, limits) => server.run(await policy.admit(sql), limits),
    interrupt: () => server.interrupt(),
    async close() {
      policy.close();
      await server.close();
    },
  };
};
