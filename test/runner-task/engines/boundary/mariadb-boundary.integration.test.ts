import { openMysql } from '../../../../runner-task/supervisor/engines/mysql/open-mysql.ts';
import { createMysqlParser } from '../../../../runner-task/supervisor/engines/mysql/policy/mysql-parser.ts';
import { isMissing } from '../../../support/is-missing.ts';
import { startMariadb, type MariadbServer } from '../../../support/mariadb-server.ts';
import { policyPython } from '../../policy/policy-python.ts';
import { targetOn } from '../mysql/mysql-target.ts';
import { describeBoundary, type WayOut } from './describe-boundary.ts';

let server: MariadbServer;

describeBoundary({
  name: 'MariaDB',
  isMissing: isMissing('mariadb'),
  async start() {
    server = await startMariadb();
    await server.run(`
      CREATE TABLE salaries (id INT PRIMARY KEY, secret_amount INT CHECK (secret_amount > 1), INDEX secret_index (secret_amount));
      INSERT INTO salaries VALUES (1, 424242);
      CREATE TABLE customers (id INT PRIMARY KEY, name TEXT);
      CREATE TABLE orders (id INT PRIMARY KEY, customer_id INT, payee_id INT, total INT,
        CONSTRAINT ordered_by FOREIGN KEY (customer_id) REFERENCES customers (id),
        CONSTRAINT paid_to FOREIGN KEY (payee_id) REFERENCES salaries (id));
      INSERT INTO customers VALUES (1, 'Ada');
      INSERT INTO orders VALUES (1, 1, 1, 10), (2, 1, NULL, 20);
      CREATE VIEW order_totals AS SELECT o.id, s.secret_amount IS NOT NULL AS paid
        FROM orders o LEFT JOIN salaries s ON s.id = o.payee_id;
      CREATE DATABASE secret_place; CREATE TABLE secret_place.t (id INT);
      CREATE SEQUENCE salary_numbers;
      ALTER TABLE salaries ADD note TEXT; UPDATE salaries SET note = 'secret';
      CREATE VIEW totals AS SELECT s.id, s.note FROM salaries s JOIN orders o ON o.total = s.id * 20 AND o.id = 1;
      CREATE VIEW sums AS SELECT id, secret_amount AS x FROM salaries;`);
  },
  stop: () => server.stop(),
  open: async (wanted) => openMysql(targetOn(server.port), createMysqlParser(await policyPython()), wanted),
  tables: ['orders', 'customers', 'order_totals', 'totals', 'sums'],
  ways: [
    ['its name', 'SELECT * FROM salaries'],
    ['its name with its database', 'SELECT * FROM app.salaries'],
    ['its name in quotes', 'SELECT * FROM `salaries`'],
    ['TABLE', 'TABLE salaries'],
    ['a subquery', 'SELECT (SELECT max(secret_amount) FROM salaries)'],
    ['a condition', 'SELECT id FROM orders WHERE EXISTS (SELECT 1 FROM salaries)'],
    ['WITH', 'WITH a AS (SELECT * FROM salaries) SELECT * FROM a'],
    [
      'its name within a query of its name',
      'WITH salaries AS (SELECT 1 AS n, 2 AS m) SELECT * FROM (WITH salaries AS (SELECT * FROM salaries) SELECT * FROM salaries) q',
    ],
    [
      'a query that comes later',
      'WITH RECURSIVE a AS (SELECT * FROM salaries), salaries AS (SELECT 1 AS n) SELECT * FROM a',
    ],
    ['an error that names what a view reads', 'SELECT x * 999999999999999999 FROM sums'],
    ['a join', 'SELECT s.* FROM orders o JOIN salaries s'],
    ['EXPLAIN', 'EXPLAIN SELECT * FROM salaries'],
    ['the plan of a view', 'EXPLAIN SELECT * FROM order_totals'],
    ['the plan of a view in a subquery', 'EXPLAIN SELECT 1 FROM orders WHERE id IN (SELECT id FROM app.order_totals)'],
    ['DESCRIBE', 'DESCRIBE salaries'],
    ['SHOW TABLES', 'SHOW TABLES'],
    ['SHOW FULL TABLES', 'SHOW FULL TABLES FROM app'],
    ['SHOW TABLES LIKE', "SHOW TABLES LIKE 'sal%'"],
    ['SHOW TABLES WHERE', 'SHOW TABLES WHERE Tables_in_app = (SELECT max(name) FROM customers) OR 1'],
    ['SHOW TABLE STATUS', 'SHOW TABLE STATUS'],
    ['SHOW COLUMNS', 'SHOW COLUMNS FROM salaries'],
    ['SHOW INDEX', 'SHOW INDEX FROM salaries'],
    ['SHOW CREATE TABLE', 'SHOW CREATE TABLE salaries'],
    ['the definition of a table whose key leads there', 'SHOW CREATE TABLE orders'],
    ['the definition of a view', 'SHOW CREATE TABLE order_totals'],
    ...[
      'TABLES',
      'columns',
      'STATISTICS',
      'key_column_usage',
      'table_constraints',
      'referential_constraints',
      'check_constraints',
      'views',
      'schemata',
      'partitions',
    ].map((catalog): WayOut => [catalog, `SELECT * FROM information_schema.${catalog}`]),
    ['a catalog in quotes', 'SELECT `t`.* FROM `INFORMATION_SCHEMA`.`Tables` AS `t`'],
    ['a catalog behind a comment', 'SELECT table_name FROM information_schema/**/./**/tables'],
    ['TABLE of a catalog', 'TABLE information_schema.tables'],
    ['a catalog in a subquery', 'SELECT (SELECT group_concat(table_name) FROM information_schema.tables)'],
    ['a catalog in a union', 'SELECT 1 UNION SELECT table_name FROM information_schema.tables'],
    ['a catalog in WITH', 'WITH t AS (SELECT * FROM information_schema.tables) SELECT table_name FROM t'],
    [
      'what a condition on a catalog fails at',
      "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'app' AND IF(table_name = 'salaries', (SELECT 1 UNION SELECT 2), 1)",
    ],
  ],
  closed: [
    ['a warning of a row that is not a view’s', 'SELECT count(*) FROM totals WHERE CAST(note AS INT) > 0'],
    [
      'a name that is a character set and a query',
      'SELECT CAST(name AS CHAR CHARACTER SET `utf8), (SELECT GROUP_CONCAT(secret_amount) FROM salaries`) AS x FROM customers',
    ],
    [
      'a name that is a unit and a query',
      'SELECT EXTRACT(`day FROM now()), (SELECT GROUP_CONCAT(secret_amount) FROM salaries), EXTRACT(YEAR` FROM now()) FROM orders',
    ],
    ['another database', 'SELECT * FROM secret_place.t'],
    ['SHOW TABLES of another database', 'SHOW TABLES FROM secret_place'],
    ['SHOW CREATE VIEW', 'SHOW CREATE VIEW order_totals'],
    ['its sequence', 'SELECT * FROM salary_numbers'],
    ['the value of its sequence', 'SELECT LASTVAL(salary_numbers)'],
    ['HANDLER', 'HANDLER salaries OPEN'],
    ['CHECKSUM', 'CHECKSUM TABLE salaries'],
    ['ANALYZE', 'ANALYZE SELECT * FROM salaries'],
    ['a file', "SELECT LOAD_FILE('app/salaries.ibd')"],
    ['what InnoDB knows', 'SELECT * FROM information_schema.innodb_sys_tables'],
    ['statistics of InnoDB', 'SELECT * FROM mysql.innodb_table_stats'],
    ['what others ask', 'SELECT * FROM information_schema.processlist'],
    ['rights', 'SELECT * FROM information_schema.table_privileges'],
    ['USE', 'USE secret_place'],
  ],
  allowed: [
    [
      'tables in the catalog',
      'SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY 1',
      [
        ['customers', 'orders', 'order_totals', 'sums', 'totals'],
        ['BASE TABLE', 'BASE TABLE', 'VIEW', 'VIEW', 'VIEW'],
      ],
    ],
    [
      'columns in the catalog',
      "SELECT c.column_name FROM information_schema.columns c JOIN information_schema.tables USING (table_schema, table_name) WHERE table_name = 'orders' ORDER BY ordinal_position",
      [['id', 'customer_id', 'payee_id', 'total']],
    ],
    [
      'keys',
      "SELECT constraint_name FROM information_schema.table_constraints WHERE table_name = 'orders' ORDER BY 1",
      [['ordered_by', 'PRIMARY']],
    ],
    ['SHOW TABLES', 'SHOW TABLES', [['customers', 'orders', 'order_totals', 'sums', 'totals']]],
    ['SHOW TABLES LIKE', "SHOW TABLES LIKE '%er_'", [['customers', 'orders']]],
    ['SHOW FULL TABLES', "SHOW FULL TABLES LIKE 'c%'", [['customers'], ['BASE TABLE']]],
    ['a text that looks like a catalog', "SELECT 'information_schema.tables' AS t", [['information_schema.tables']]],
    ['its tables', 'SELECT count(*) FROM orders', [[2]]],
    [
      'a view, which reads what its definition reads',
      'SELECT id, paid FROM order_totals ORDER BY id',
      [
        [1, 2],
        [1, 0],
      ],
    ],
  ],
  syntax: {
    materialized: false,
    reads: [
      'SELECT * FROM N',
      'SELECT x.* FROM N AS x',
      'SELECT x.* FROM orders o JOIN N x ON 1 = 1',
      'SELECT 1, (SELECT COUNT(*) FROM N)',
    ],
  },
  quote: '`',
});
