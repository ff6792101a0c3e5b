import { describeEngineContract } from '../../../contracts/engine-contract.ts';
import { startPostgres } from '../../../support/postgres-server.ts';
import { openServerSession } from '../../../support/server-session.ts';
import { targetOf } from './postgres-target.ts';

const everything = `
  SELECT (SELECT json_agg(c) FROM customers c)::text, (SELECT json_agg(o) FROM orders o)::text,
    (SELECT count(*) FROM measured), (SELECT array_agg(relname || relkind::text ORDER BY relname) FROM pg_class)::text,
    (SELECT array_agg(attrelid::text || attname ORDER BY attrelid, attnum) FROM pg_attribute)::text`;

/** Holds the engine to its contract, at the installed server or at one whose programs are elsewhere. */
export const describePostgresEngine = (programs?: string): void =>
  describeEngineContract({
    engine: 'postgres',
    types: {
      whole: 'integer',
      small: 'smallint',
      big: 'bigint',
      decimal: 'numeric(12,3)',
      double: 'double precision',
      word: 'varchar(50)',
      text: 'text',
      long: 'text',
      day: 'date',
      moment: 'timestamp',
    },
    start: async (statements) => {
      const server = await startPostgres(programs === undefined ? {} : { programs });
      await server.run(statements.join(';\n'));
      const session = await openServerSession('postgres', server.url());
      return {
        // As its owner, who may do everything: what keeps it from being done is not the role.
        target: targetOf(server, { writable_role: 'accept' }),
        fingerprint: async () => JSON.stringify((await session.query(everything)).rows),
        stop: async () => {
          await session.end();
          await server.stop();
        },
      };
    },
    attempts: [
      "COPY orders TO '/tmp/orders.csv'",
      'TRUNCATE orders',
      'GRANT SELECT ON orders TO public',
      'VACUUM orders',
      "SELECT set_config('default_transaction_read_only', 'off', false)",
      "SELECT pg_read_file('/etc/passwd')",
      'SELECT * INTO made FROM orders',
      'SELECT * FROM orders FOR UPDATE',
      'LOCK TABLE orders',
      'DO $$ BEGIN DELETE FROM orders; END $$',
    ],
  });
