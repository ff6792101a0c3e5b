import { join } from 'node:path';
import { openSqlite } from '../../../../runner-task/supervisor/engines/sqlite/open-sqlite.ts';
import { makeSqliteFile, type SqliteFile } from '../../../support/sqlite-file.ts';
import { describeBoundary, type WayOut } from './describe-boundary.ts';

let file: SqliteFile;

describeBoundary({
  name: 'SQLite',
  isMissing: false,
  async start() {
    file = makeSqliteFile();
    file.write(`
      CREATE TABLE salaries (id INTEGER PRIMARY KEY, secret_amount INT, band TEXT);
      CREATE INDEX secret_index ON salaries (secret_amount);
      INSERT INTO salaries VALUES (1, 424242, 'a');
      CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT);
      CREATE INDEX by_name ON customers (name);
      CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INT REFERENCES customers, payee_id INT REFERENCES salaries, total INT);
      INSERT INTO customers VALUES (1, 'Ada');
      INSERT INTO orders VALUES (1, 1, 1, 10), (2, 1, NULL, 20);
      CREATE VIEW paid_salaries AS WITH a AS (SELECT id, secret_amount FROM salaries) SELECT * FROM a;
      CREATE VIEW order_totals AS SELECT o.id, s.secret_amount IS NOT NULL AS paid FROM orders o LEFT JOIN paid_salaries s ON s.id = o.payee_id;
      CREATE TRIGGER secret_trigger AFTER INSERT ON orders BEGIN DELETE FROM salaries; END;
      CREATE TABLE other_t (x); ANALYZE;`);
  },
  stop: async () => file.remove(),
  open: (wanted) =>
    openSqlite(
      { engine: 'sqlite', path: file.path },
      { memory_bytes: 256 * 1024 * 1024, spill_folder: join(file.folder, 'spill'), python: 'none' },
      wanted,
    ),
  tables: ['orders', 'customers', 'order_totals'],
  ways: [
    ['its name', 'SELECT * FROM salaries'],
    ['its name with its schema', 'SELECT * FROM main.salaries'],
    ['its name in other letters', 'SELECT * FROM SALARIES'],
    ['its name in quotes', 'SELECT * FROM "salaries"'],
    ['its name in other quotes', "SELECT * FROM 'salaries'"],
    ['its name in brackets', 'SELECT * FROM [salaries]'],
    ['a view of it', 'SELECT * FROM paid_salaries'],
    ['a count of a view of it', 'SELECT count(*) FROM paid_salaries'],
    ['a subquery', 'SELECT (SELECT max(secret_amount) FROM salaries)'],
    ['IN', 'SELECT 424242 IN (SELECT secret_amount FROM salaries)'],
    ['IN without a query', "SELECT 1 FROM orders WHERE (1, 424242, 'a') IN salaries"],
    ['a condition', 'SELECT id FROM orders WHERE EXISTS (SELECT 1 FROM salaries)'],
    ['a count beside a view', 'SELECT (SELECT count(*) FROM salaries), count(*) FROM order_totals'],
    ['WITH', 'WITH a AS (SELECT * FROM salaries) SELECT * FROM a'],
    ['WITH by the name of a view', 'WITH order_totals AS (SELECT * FROM salaries) SELECT * FROM order_totals'],
    [
      'WITH within by its own name',
      'SELECT * FROM (WITH order_totals AS (SELECT * FROM main.salaries) SELECT * FROM order_totals)',
    ],
    ['WITH by the name of a query of a view', 'WITH a AS (SELECT * FROM salaries) SELECT a.* FROM a, order_totals'],
    ['a join', 'SELECT s.* FROM orders o JOIN salaries s'],
    ['a join beside a view', 'SELECT s.* FROM order_totals o, salaries s'],
    ['EXPLAIN', 'EXPLAIN QUERY PLAN SELECT * FROM salaries'],
    ['the plan of a view', 'EXPLAIN QUERY PLAN SELECT * FROM order_totals'],
    ['the program of a view', 'EXPLAIN SELECT * FROM order_totals'],
    ...[
      'sqlite_master',
      'sqlite_schema',
      'main.sqlite_schema',
      '"sqlite_master"',
      "'sqlite_master'",
      'SQLITE_Master',
    ].map((catalog): WayOut => [`the catalog as ${catalog}`, `SELECT * FROM ${catalog}`]),
    ['the catalog by an alias', 'SELECT m.sql FROM sqlite_master m'],
    ['the catalog by its own name', 'SELECT sqlite_master.name FROM sqlite_master'],
    ['the catalog in a subquery', 'SELECT (SELECT group_concat(sql) FROM sqlite_schema)'],
    ['the catalog behind a comment', 'SELECT name FROM main/**/./**/sqlite_schema'],
    ['the catalog in IN', "SELECT 'salaries' IN (SELECT name FROM sqlite_schema)"],
    ['the catalog beside a view', 'SELECT count(*), (SELECT group_concat(name) FROM sqlite_schema) FROM order_totals'],
    ['PRAGMA', 'PRAGMA table_info(salaries)'],
    ['PRAGMA with its schema', 'PRAGMA main.table_xinfo("salaries")'],
    ['PRAGMA of its indexes', 'PRAGMA index_list(salaries)'],
    ['PRAGMA of an index', 'PRAGMA index_info(secret_index)'],
    ['PRAGMA of keys that lead there', 'PRAGMA foreign_key_list(orders)'],
    ['a function of PRAGMA', "SELECT * FROM pragma_table_info('salaries')"],
    ['a function of PRAGMA by a computed name', "SELECT * FROM pragma_table_xinfo('sal' || 'aries')"],
    ['a function of PRAGMA of keys', "SELECT * FROM pragma_foreign_key_list('orders')"],
    ['a function of PRAGMA of an index', "SELECT * FROM pragma_index_xinfo('secret_index')"],
  ],
  closed: [
    ['statistics', 'SELECT * FROM sqlite_stat1'],
    ['pages', 'SELECT * FROM dbstat'],
    ['PRAGMA of all tables', 'PRAGMA table_list'],
    ['a function of PRAGMA of all tables', 'SELECT * FROM pragma_table_list'],
    ['ATTACH', "ATTACH 'test.sqlite' AS again"],
    ['what stands for the catalog', 'SELECT * FROM sqlite_temp_master'],
  ],
  allowed: [
    [
      'tables in the catalog',
      "SELECT m.name, type FROM sqlite_master AS m WHERE type IN ('table', 'view') ORDER BY 1",
      [
        ['customers', 'order_totals', 'orders'],
        ['table', 'view', 'table'],
      ],
    ],
    ['indexes', "SELECT sqlite_schema.name FROM main.sqlite_schema WHERE type = 'index'", [['by_name']]],
    [
      'declarations',
      "SELECT sql IS NULL, name FROM sqlite_schema WHERE tbl_name IN ('orders', 'customers') AND type = 'table' ORDER BY 2",
      [
        [0, 1],
        ['customers', 'orders'],
      ],
    ],
    ['PRAGMA', "SELECT name FROM pragma_table_info('orders')", [['id', 'customer_id', 'payee_id', 'total']]],
    ['PRAGMA of an index', "SELECT name FROM pragma_index_info('by_name')", [['name']]],
    ['a text that looks like the catalog', "SELECT 'sqlite_master' AS t", [['sqlite_master']]],
    ['its tables', 'SELECT count(*), sum(total) FROM orders', [[2], [30]]],
    ['a count of a view', 'SELECT count(*) AS other_t FROM order_totals', [[2]]],
    [
      'a view, which reads what its definition reads',
      'SELECT id, paid FROM order_totals ORDER BY id',
      [
        [1, 2],
        [1, 0],
      ],
    ],
    ['a view in WITH', 'WITH q AS (SELECT paid FROM order_totals) SELECT sum(paid) FROM q JOIN orders', [[2]]],
  ],
  syntax: {
    materialized: true,
    reads: [
      'SELECT * FROM N',
      'SELECT x.* FROM N AS x',
      'SELECT x.* FROM orders o JOIN N x ON 1 = 1',
      'SELECT 1, (SELECT count(*) FROM N)',
    ],
  },
  quote: '"',
});
