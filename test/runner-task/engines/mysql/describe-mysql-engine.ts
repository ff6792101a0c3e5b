import { describeEngineContract } from '../../../contracts/engine-contract.ts';
import type { MariadbPrograms } from '../../../support/mariadb-programs.ts';
import { startMariadb } from '../../../support/mariadb-server.ts';
import { openServerSession } from '../../../support/server-session.ts';
import { targetOn } from './mysql-target.ts';

const everything = `
  SELECT (SELECT group_concat(concat_ws('|', id, \`größe "x"\`, code)) FROM customers),
    (SELECT group_concat(concat_ws('|', no, line, customer_id)) FROM orders), (SELECT count(*) FROM measured),
    (SELECT group_concat(concat(table_name, column_name) ORDER BY 1) FROM information_schema.columns WHERE table_schema = 'app'),
    (SELECT group_concat(concat(table_name, index_name) ORDER BY 1) FROM information_schema.statistics WHERE table_schema = 'app')`;

/** Holds the engine to its contract, at the installed server or at one whose programs are elsewhere. */
export const describeMysqlEngine = (programs?: MariadbPrograms): void =>
  describeEngineContract({
    engine: 'mysql',
    types: {
      whole: 'int',
      small: 'smallint',
      big: 'bigint',
      decimal: 'decimal(12,3)',
      double: 'double',
      word: 'varchar(50)',
      text: 'text',
      long: 'longtext',
      day: 'date',
      moment: 'datetime',
    },
    start: async (statements) => {
      const server = await startMariadb(programs === undefined ? {} : { programs });
      await server.run(statements.join(';\n'));
      const session = await openServerSession('mysql', server.url());
      return {
        // As its owner, who may do everything: what keeps it from being done is not the role.
        target: targetOn(server.port, { writable_role: 'accept' }),
        fingerprint: async () => JSON.stringify((await session.query(everything)).rows),
        stop: async () => {
          await session.end();
          await server.stop();
        },
      };
    },
    attempts: [
      "SELECT 1 INTO OUTFILE '/tmp/written'",
      'SELECT 1 INTO @made',
      'TRUNCATE orders',
      'SET GLOBAL max_connections = 1',
      'SELECT /*! 1 INTO OUTFILE "/tmp/written", */ 1',
      "SELECT load_file('/etc/passwd')",
      "SELECT get_lock('made', 1)",
      'SELECT * FROM orders FOR UPDATE',
      'LOCK TABLES orders WRITE',
      'HANDLER orders OPEN',
      'GRANT SELECT ON app.* TO reader',
      'SELECT sleep(9)',
      'SELECT * FROM mysql.global_priv',
    ],
  });
