import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { openDuckdb } from '../../../../runner-task/supervisor/engines/duckdb/open-duckdb.ts';
import { describeBoundary, type WayOut } from './describe-boundary.ts';

let folder: string;
const catalogs = [
  ...['tables', 'columns', 'views', 'constraints', 'indexes'].flatMap((name) => [
    `duckdb_${name}()`,
    `duckdb_${name}`,
    `main.duckdb_${name}`,
  ]),
  ...['tables', 'columns', 'schemata', 'table_constraints', 'key_column_usage', 'referential_constraints'].map(
    (name) => `information_schema.${name}`,
  ),
  'information_schema.constraint_column_usage',
  ...[
    'class',
    'namespace',
    'attribute',
    'attrdef',
    'constraint',
    'description',
    'index',
    'tables',
    'views',
    'indexes',
  ].flatMap((name) => [`pg_catalog.pg_${name}`, `pg_${name}`]),
  'sqlite_master',
  'sqlite_schema',
  'main.sqlite_master',
  'system.main.duckdb_tables()',
].filter((name) => !/duckdb_(?:schemas|types)/.test(name));

describeBoundary({
  name: 'DuckDB',
  isMissing: false,
  async start() {
    folder = mkdtempSync(join(tmpdir(), 'surveyor-boundary-'));
    const instance = await DuckDBInstance.create(join(folder, 'shop.duckdb'));
    const connection = await instance.connect();
    await connection.run(`
      CREATE TYPE secret_band AS ENUM ('secret low');
      CREATE SCHEMA secret_place; CREATE TABLE secret_place.orders (id INT, secret INT);
      CREATE TABLE salaries (id INT PRIMARY KEY, secret_amount INT);
      CREATE INDEX secret_index ON salaries (secret_amount);
      COMMENT ON TABLE salaries IS 'secret table'; COMMENT ON COLUMN salaries.id IS 'secret column';
      ALTER TABLE salaries ALTER id SET DEFAULT 424242;
      INSERT INTO salaries VALUES (1, 424242);
      CREATE TABLE notes (id INT, note TEXT); INSERT INTO notes VALUES (1, '5'), (2, 'secret 424242');
            CREATE TABLE customers (id INT PRIMARY KEY, name TEXT);
      CREATE TABLE orders (id INT PRIMARY KEY, customer_id INT REFERENCES customers (id), payee_id INT REFERENCES salaries (id), total INT);
      COMMENT ON TABLE customers IS 'who buys';
      INSERT INTO customers VALUES (1, 'Ada');
      INSERT INTO orders VALUES (1, 1, 1, 10), (2, 1, NULL, 20);
      CREATE VIEW order_totals AS SELECT o.id, s.secret_amount IS NOT NULL AS paid FROM orders o LEFT JOIN salaries s ON s.id = o.payee_id;
      CREATE VIEW own_notes AS SELECT n.id, n.note FROM notes n JOIN orders o ON o.total = n.id * 10 AND o.id = 1;`);
    connection.closeSync();
    instance.closeSync();
  },
  stop: async () => rmSync(folder, { recursive: true, force: true }),
  open: (wanted) =>
    openDuckdb(
      { engine: 'duckdb', path: join(folder, 'shop.duckdb') },
      { memory_bytes: 256 * 1024 * 1024, spill_folder: join(folder, 'spill'), python: 'none' },
      wanted,
    ),
  tables: ['orders', 'customers', 'order_totals', 'own_notes'],
  ways: [
    ['its name', 'SELECT * FROM salaries'],
    ['its name with its schema', 'SELECT * FROM main.salaries'],
    ['its name with its database', 'SELECT * FROM shop.main.salaries'],
    ['its name in other letters', 'SELECT * FROM "SALARIES"'],
    ['a table of its name elsewhere', 'SELECT * FROM secret_place.orders'],
    ['labels of a type', 'SELECT enumlabel FROM pg_enum'],
    ['names of types', 'SELECT typname FROM pg_type'],
    ['names and labels of types', 'SELECT type_name, labels FROM duckdb_types()'],
    ['FROM', 'FROM salaries'],
    ['TABLE', 'TABLE salaries'],
    ['a subquery', 'SELECT (SELECT max(secret_amount) FROM salaries)'],
    ['WITH', 'WITH a AS (SELECT * FROM salaries) SELECT * FROM a'],
    [
      'the first part of a recursive query',
      'WITH RECURSIVE salaries AS (SELECT * FROM salaries UNION ALL SELECT * FROM salaries WHERE false) SELECT * FROM salaries',
    ],
    ['a join', 'SELECT s.* FROM orders o POSITIONAL JOIN salaries s'],
    ['PIVOT', 'PIVOT salaries ON id USING sum(secret_amount)'],
    [
      'PIVOT of a catalog',
      'PIVOT (SELECT table_name, column_name FROM duckdb_columns()) ON table_name USING count(column_name)',
    ],
    ['EXPLAIN', 'EXPLAIN SELECT * FROM salaries'],
    ['the plan of a view', 'EXPLAIN SELECT * FROM order_totals'],
    ['DESCRIBE', 'DESCRIBE salaries'],
    ['SUMMARIZE', 'SUMMARIZE salaries'],
    ['SHOW', 'SHOW salaries'],
    ['SHOW TABLES', 'SHOW TABLES'],
    ['SHOW ALL TABLES', 'SHOW ALL TABLES'],
    ['DESCRIBE alone', 'DESCRIBE'],
    ['SHOW TABLES in a query', 'SELECT * FROM (SHOW TABLES)'],
    ['SUMMARIZE of a catalog', 'SUMMARIZE duckdb_tables'],
    ['SUMMARIZE of a query', 'SUMMARIZE SELECT table_name FROM information_schema.tables'],
    ...catalogs.map((catalog): WayOut => [catalog, `SELECT * FROM ${catalog}`]),
    ['a catalog in other letters', 'SELECT * FROM Information_Schema."TABLES"'],
    ['a catalog behind a comment', 'SELECT table_name FROM information_schema/**/./**/tables'],
    ['a catalog behind letters beyond ASCII', "SELECT 'ää😀' AS a, table_name FROM duckdb_tables()"],
    ['TABLE of a catalog', 'TABLE information_schema.tables'],
    [
      'a catalog in a WITH of its name',
      'WITH duckdb_tables AS (SELECT * FROM duckdb_tables) SELECT table_name FROM duckdb_tables',
    ],
    ['a catalog in a list', 'SELECT ARRAY(SELECT table_name FROM duckdb_tables())'],
    ['the definition of a view by number', 'SELECT string_agg(pg_get_viewdef(n)) FROM range(0, 30000) t(n)'],
    [
      'what a condition on a catalog fails at',
      "SELECT count(*) FROM duckdb_tables() WHERE CASE WHEN table_name = 'salaries' THEN CAST(table_name AS INT) = 1 ELSE true END",
    ],
  ],
  closed: [
    ['an error that tells of a row that is not a view’s', 'SELECT * FROM own_notes WHERE CAST(note AS INT) > 0'],
    ['a file', "SELECT * FROM 'shop.duckdb'"],
    ['read_csv', "SELECT * FROM read_csv('salaries.csv')"],
    ['glob', "SELECT * FROM glob('**')"],
    ['query_table', "SELECT * FROM query_table('salaries')"],
    ['query', "SELECT * FROM query('FROM salaries')"],
    ['PRAGMA', "PRAGMA table_info('salaries')"],
    ['a function of PRAGMA', "SELECT * FROM pragma_table_info('salaries')"],
    ['pages', "SELECT * FROM pragma_storage_info('salaries')"],
    ['ATTACH', "ATTACH 'shop.duckdb' AS again"],
    ['what stands for the catalog', 'SELECT * FROM surveyor_run.main.leading'],
    ['USE', 'USE shop.secret_place'],
    ['a search path', "SET search_path = 'secret_place'"],
  ],
  allowed: [
    [
      'tables in the catalog',
      "SELECT table_name, table_type FROM information_schema.tables WHERE tables.table_schema = 'main' ORDER BY 1",
      [
        ['customers', 'order_totals', 'orders', 'own_notes'],
        ['BASE TABLE', 'VIEW', 'BASE TABLE', 'VIEW'],
      ],
    ],
    ['a function of the catalog', 'FROM duckdb_tables() t SELECT t.table_name ORDER BY ALL', [['customers', 'orders']]],
    [
      'columns',
      "SELECT column_name FROM duckdb_columns WHERE table_name = 'orders'",
      [['id', 'customer_id', 'payee_id', 'total']],
    ],
    [
      'keys',
      "SELECT constraint_text FROM duckdb_constraints() WHERE constraint_type = 'FOREIGN KEY'",
      [['FOREIGN KEY (customer_id) REFERENCES customers(id)']],
    ],
    [
      'keys by their names',
      'SELECT constraint_name, unique_constraint_name FROM information_schema.referential_constraints',
      [['orders_customer_id_id_fkey'], ['customers_id_pkey']],
    ],
    [
      'keys by their columns',
      "SELECT table_name, column_name FROM information_schema.constraint_column_usage WHERE constraint_type = 'FOREIGN KEY'",
      [['orders'], ['customer_id']],
    ],
    [
      'keys as PostgreSQL has them',
      "SELECT conname FROM pg_constraint WHERE contype = 'f'",
      [['FOREIGN KEY (customer_id) REFERENCES customers(id)']],
    ],
    [
      'comments as PostgreSQL has them',
      'SELECT description FROM pg_description WHERE description IS NOT NULL',
      [['who buys']],
    ],
    ['SHOW TABLES', 'SHOW TABLES;', [['customers', 'order_totals', 'orders', 'own_notes']]],
    [
      'SHOW ALL TABLES',
      'SHOW ALL TABLES',
      [
        ['shop', 'shop', 'shop', 'shop'],
        ['main', 'main', 'main', 'main'],
        ['customers', 'order_totals', 'orders', 'own_notes'],
        ['["id","name"]', '["id","paid"]', '["id","customer_id","payee_id","total"]', '["id","note"]'],
        [
          '["INTEGER","VARCHAR"]',
          '["INTEGER","BOOLEAN"]',
          '["INTEGER","INTEGER","INTEGER","INTEGER"]',
          '["INTEGER","VARCHAR"]',
        ],
        [false, false, false, false],
      ],
    ],
    [
      'the catalog of SQLite',
      "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1",
      [['customers', 'orders']],
    ],
    ['PIVOT', 'PIVOT orders ON id USING sum(total) GROUP BY customer_id', [[1], [10], [20]]],
    ['DESCRIBE of a catalog', 'SELECT column_name FROM (DESCRIBE sqlite_master) LIMIT 2', [['type', 'name']]],
    ['its tables', 'SELECT count(*) FROM shop.main.orders', [[2]]],
    [
      'a view, which reads what its definition reads',
      'SELECT id, paid FROM order_totals ORDER BY id',
      [
        [1, 2],
        [true, false],
      ],
    ],
  ],
  syntax: {
    materialized: true,
    reads: [
      'SELECT * FROM N',
      'SELECT x.* FROM N AS x',
      'SELECT x.* FROM orders o JOIN N x ON 1 = 1',
      'SELECT x.* FROM orders o, LATERAL (SELECT * FROM N) x',
      'FROM N',
      'TABLE N',
      'SELECT 1, 2 FROM (DESCRIBE N) x',
      'SELECT min, max FROM (SUMMARIZE N) x',
      'SELECT x.* FROM orders o POSITIONAL JOIN N x',
      'SELECT 1, 2 FROM (PIVOT N ON n IN (1) USING sum(m))',
      'SELECT 1, 2 FROM (UNPIVOT N ON n, m)',
    ],
  },
  quote: '"',
});
