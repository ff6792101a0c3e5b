import { isMissing } from '../../../support/is-missing.ts';
import { startPostgres, type PostgresServer } from '../../../support/postgres-server.ts';
import { openPostgres } from '../../../../runner-task/supervisor/engines/postgres/open-postgres.ts';
import { bounds, targetOf } from '../postgres/postgres-target.ts';
import { describeBoundary, type WayOut } from './describe-boundary.ts';

let server: PostgresServer;

describeBoundary({
  name: 'PostgreSQL',
  isMissing: isMissing('postgres'),
  async start() {
    server = await startPostgres();
    await server.run(`
      CREATE TABLE salaries (id serial PRIMARY KEY, secret_amount int);
      INSERT INTO salaries (secret_amount) VALUES (424242);
      CREATE TABLE customers (id int PRIMARY KEY, name text);
      CREATE TABLE orders (id int PRIMARY KEY, customer_id int REFERENCES customers,
        payee_id int CONSTRAINT paid_by REFERENCES salaries, total int);
      INSERT INTO customers VALUES (1, 'Ada');
      INSERT INTO orders VALUES (1, 1, 1, 10), (2, 1, NULL, 20);
      CREATE VIEW order_totals AS SELECT o.id, s.secret_amount IS NOT NULL AS paid
        FROM orders o LEFT JOIN salaries s ON s.id = o.payee_id;
      COMMENT ON TABLE salaries IS 'secret table'; COMMENT ON COLUMN salaries.id IS 'secret column';
      CREATE STATISTICS secret_statistics ON id, secret_amount FROM salaries;
      CREATE TABLE secret_heirs () INHERITS (customers);
      CREATE MATERIALIZED VIEW secret_sums AS SELECT sum(secret_amount) AS s FROM salaries;
      ALTER TABLE salaries ADD secret_list int[], ADD CHECK (secret_amount > 1),
        ADD order_id int CONSTRAINT secret_order REFERENCES orders,
        ADD boss int CONSTRAINT orders_customer_id_fkey REFERENCES salaries,
        ADD CONSTRAINT is_positive CHECK (secret_amount > 0);
      ALTER TABLE orders ADD CONSTRAINT is_positive CHECK (total > 0), ADD CONSTRAINT is_small CHECK (total < 1000),
        ADD CONSTRAINT follows FOREIGN KEY (id) REFERENCES orders;
      CREATE TYPE secret_band AS ENUM ('secret low'); CREATE DOMAIN secret_sum AS int CHECK (VALUE <> 424242);
      ALTER TABLE salaries ADD band secret_band, ADD more secret_sum;
      CREATE TABLE guarded (id int); ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
      CREATE POLICY seen ON guarded USING (id IN (SELECT secret_amount FROM salaries)); ALTER TABLE guarded FORCE ROW LEVEL SECURITY;
      CREATE TABLE notes (id int, note text); INSERT INTO notes VALUES (1, '5'), (2, 'secret 424242');
      CREATE VIEW own_notes AS SELECT n.id, n.note FROM notes n JOIN orders o ON o.total = n.id * 10 AND o.id = 1;
      CREATE SEQUENCE order_numbers OWNED BY orders.id;
      ANALYZE;`);
  },
  stop: () => server.stop(),
  // The owner of all of it: some views of information_schema show a table to its owner alone.
  open: (wanted) => openPostgres(targetOf(server, { writable_role: 'accept' }), bounds, wanted),
  tables: ['orders', 'customers', 'order_totals', 'guarded', 'own_notes'],
  ways: [
    ['its name', 'SELECT * FROM salaries'],
    ['its name with its schema', 'SELECT * FROM public.salaries'],
    ['its name in quotes', 'SELECT * FROM "salaries"'],
    ['TABLE', 'TABLE salaries'],
    ['a subquery', 'SELECT (SELECT max(secret_amount) FROM salaries)'],
    ['a condition', 'SELECT id FROM orders WHERE EXISTS (SELECT FROM salaries)'],
    ['WITH', 'WITH a AS (SELECT * FROM salaries) SELECT * FROM a'],
    ['a join', 'SELECT s.* FROM orders o JOIN LATERAL (SELECT * FROM salaries) s ON true'],
    ['ONLY', 'SELECT * FROM ONLY salaries'],
    ['a sample', 'SELECT * FROM salaries TABLESAMPLE SYSTEM (100)'],
    ['EXPLAIN', 'EXPLAIN SELECT * FROM salaries'],
    ['the plan of a view', 'EXPLAIN SELECT * FROM order_totals'],
    ['the plan of a table with heirs', 'EXPLAIN SELECT * FROM customers'],
    ...[
      'pg_class',
      'pg_catalog.pg_class',
      'pg_attribute',
      'pg_tables',
      'pg_views',
      'pg_indexes',
      'pg_sequences',
      'pg_stats',
      'pg_stats_ext',
      'pg_statistic_ext',
      'pg_stat_user_tables',
      'pg_stat_all_tables',
      'pg_stat_user_indexes',
      'pg_stat_all_indexes',
      'pg_statio_user_tables',
      'pg_constraint',
      'pg_type',
      'pg_matviews',
      'pg_description',
      'information_schema.tables',
      'information_schema.columns',
      'information_schema.views',
      'information_schema.view_table_usage',
      'information_schema.view_column_usage',
      'information_schema.table_constraints',
      'information_schema.key_column_usage',
      'information_schema.constraint_column_usage',
      'information_schema.constraint_table_usage',
      'information_schema.referential_constraints',
      'information_schema.check_constraints',
      'information_schema.sequences',
      'information_schema.column_udt_usage',
    ].map((catalog): WayOut => [catalog, `SELECT * FROM ${catalog}`]),
    ['a catalog in a WITH of its name', 'WITH pg_class AS (SELECT * FROM pg_class) SELECT relname FROM pg_class'],
    ['TABLE of a catalog', 'TABLE pg_class'],
    ['ONLY of a catalog', 'SELECT * FROM ONLY pg_class'],
    ['an aliased catalog', 'SELECT t.r FROM pg_catalog . "pg_class" AS t (o, r)'],
    ['a catalog behind a comment', 'SELECT relname FROM pg_catalog/**/./**/pg_class'],
    [
      'a catalog in a subquery behind WITH',
      'WITH pg_tables AS (SELECT 1) SELECT relname FROM (SELECT * FROM pg_class) pg_tables',
    ],
    [
      'a catalog behind a WITH of its name',
      'WITH pg_class AS (SELECT * FROM pg_catalog.pg_class) SELECT relname FROM pg_class',
    ],
    [
      'what a condition on a catalog fails at',
      "SELECT 1 / (count(*) FILTER (WHERE relname = 'salaries' AND 1 / (relname <> 'salaries')::int = 1) + 1) FROM pg_class",
    ],
    ['statistics by number', "SELECT count(*) FROM pg_statistic_ext WHERE stxname = 'secret_statistics'"],
    [
      'regclass in a list of columns',
      "SELECT string_agg(x.a::text, ',') FROM generate_series(16384, 16500) n, json_to_record(json_build_object('a', n)) AS x (a regclass)",
    ],
    [
      'regtype in a list of columns',
      "SELECT string_agg(x.a::text, ',') FROM generate_series(16384, 16500) n, json_to_record(json_build_object('a', n)) AS x (a regtype)",
    ],
    ...['array_agg(ARRAY[pg_typeof(1), N])', 'array_agg(coalesce(NULLIF(pg_typeof(1), pg_typeof(1)), N))'].flatMap(
      (form): readonly WayOut[] => [
        ['regtype beside a number', `SELECT ${form.replace(/\bN\b/, "'salaries'")}::text`],
        ['regtype beside a name', `SELECT ${form.replace(/\bN\b/, "'_salaries'")}::text`],
      ],
    ),
    [
      'regtype of a column beside a name',
      "SELECT array_agg(coalesce(NULLIF(data_type, data_type), 'salaries'))::text FROM pg_sequences",
    ],
    ['regtype in a union', "SELECT array_agg(x)::text FROM (SELECT pg_typeof(1) AS x UNION ALL SELECT 'salaries') q"],
    [
      'the number of a function that is called like a catalog',
      "SELECT string_agg(pg_get_indexdef(json_to_record.oid), ',') FROM generate_series(16384, 16600) n, json_to_record(json_build_object('oid', n)) AS (oid oid), (SELECT 1 FROM pg_class AS json_to_record LIMIT 1) z",
    ],
    [
      'the number of a join that is called like a catalog',
      "SELECT string_agg(pg_get_indexdef(c.oid), ',') FROM generate_series(16384, 16600) AS n (oid) JOIN generate_series(16384, 16600) AS m (oid) USING (oid) AS c, (SELECT 1 FROM pg_class AS c LIMIT 1) z",
    ],
    ['the plan of a table with row security', 'EXPLAIN VERBOSE SELECT * FROM guarded'],
    [
      'what a cheap condition fails at before the view’s own',
      "SELECT * FROM own_notes WHERE CASE WHEN note LIKE 'secret%' THEN note::int > 0 ELSE true END",
    ],
    [
      'that a cheap condition fails before the view’s own',
      "SELECT count(*) FROM own_notes WHERE CASE WHEN note LIKE 'secret%' THEN 1 / (id - id) > 0 ELSE true END",
    ],
    ['labels of a type', 'SELECT enumlabel FROM pg_enum'],
    ['names of types', 'SELECT typname FROM pg_type'],
    ['domains', 'SELECT * FROM information_schema.domains'],
    ['checks of domains', 'SELECT pg_get_constraintdef(c.oid), c.conname FROM pg_constraint c'],
    ['the size of another database', "SELECT pg_database_size('template1')"],
    ['a schema by its name', "SELECT to_regnamespace('pg_toast')::text"],
    ['schemas by their numbers', 'SELECT array_agg(n::regnamespace::text) FROM generate_series(99, 16500) n'],
    ['to_regclass', "SELECT to_regclass('salaries')::oid"],
    ['to_regclass of a computed name', "SELECT to_regclass('sala' || 'ries')::text"],
    ['to_regtype', "SELECT to_regtype('salaries')::text"],
    ['a cast to regclass', "SELECT 'salaries'::regclass"],
    ['a cast to regclass with its schema', "SELECT CAST('public.salaries' AS regclass)::oid"],
    [
      'a cast of a number to regclass',
      'SELECT string_agg(n::regclass::text, $$,$$) FROM generate_series(16384, 16500) n',
    ],
    [
      'a cast of a number to regtype',
      'SELECT string_agg(n::regtype::text, $$,$$) FROM generate_series(16384, 16500) n',
    ],
    ['format_type', 'SELECT string_agg(format_type(n::oid, NULL), $$,$$) FROM generate_series(16384, 16500) n'],
    [
      'what a relation by name is compared with',
      "SELECT coalesce(NULLIF('orders'::regclass, 'orders'::regclass), 'salaries')",
    ],
    ['sizes by name', "SELECT pg_total_relation_size('salaries')"],
    ['sizes by number', 'SELECT sum(pg_relation_size(n::oid)) FROM generate_series(16384, 16500) n'],
    ['keys by number', 'SELECT string_agg(pg_get_constraintdef(n::oid), $$,$$) FROM generate_series(16384, 16500) n'],
    ['indexes by number', 'SELECT string_agg(pg_get_indexdef(n::oid), $$,$$) FROM generate_series(16384, 16500) n'],
    ['the definition of a view', "SELECT pg_get_viewdef('order_totals'::regclass)"],
    ['definitions by number', 'SELECT string_agg(pg_get_viewdef(n::oid), $$,$$) FROM generate_series(16384, 16500) n'],
    ['comments by number', 'SELECT string_agg(obj_description(n::oid), $$,$$) FROM generate_series(16384, 16500) n'],
    [
      'comments of columns by number',
      'SELECT string_agg(col_description(n::oid, 1), $$,$$) FROM generate_series(16384, 16500) n',
    ],
    ['its sequence', "SELECT pg_get_serial_sequence('salaries', 'id')"],
    [
      'a column that is called like a catalog’s',
      'SELECT string_agg(pg_get_constraintdef(c.oid), $$,$$) FROM (SELECT n::oid AS oid FROM generate_series(16384, 16500) n) c',
    ],
    [
      'whether it can be seen',
      'SELECT count(*) FROM generate_series(16384, 16500) n WHERE pg_table_is_visible(n::oid)',
    ],
    ['the row type of a table', 'SELECT pg_typeof(o) FROM order_totals o WHERE (SELECT count(*) FROM salaries) > 0'],
  ],
  closed: [
    [
      'regclass in XMLTABLE',
      "SELECT string_agg(x.a::text, ',') FROM generate_series(16384, 16500) n, LATERAL xmltable('/r' PASSING xmlparse(document '<r>' || n || '</r>') COLUMNS a regclass PATH '.') x",
    ],
    ['its row type', "SELECT to_json(json_populate_record(NULL::salaries, '{}'))"],
    ['rights on it', "SELECT has_table_privilege('salaries', 'SELECT')"],
    ['rights of another role on it', "SELECT has_table_privilege('owner', 'salaries', 'SELECT')"],
    ['rights on its columns', "SELECT has_column_privilege('salaries', 'secret_amount', 'SELECT')"],
    [
      'rights by number',
      'SELECT count(*) FROM generate_series(16384, 16500) n WHERE has_table_privilege(n::oid, $$SELECT$$)',
    ],
    ['its sequence by name', 'SELECT last_value FROM salaries_id_seq'],
    ['a file of the server', "SELECT pg_read_file('base/1/salaries')"],
    ['SQL given as text', "SELECT query_to_xml('SELECT * FROM salaries', true, true, '')"],
    ['a table given as text', "SELECT table_to_xml('salaries', true, true, '')"],
    ['the search path', 'SET search_path = secret'],
    ['a setting', "SELECT set_config('search_path', 'secret', false)"],
    ['a row of it by its place', 'SELECT currtid2($$salaries$$, $$(0,1)$$)'],
    ['another database', 'SELECT * FROM app.public.salaries'],
    ['statistics as they are stored', 'SELECT * FROM pg_statistic'],
    ['what others ask', 'SELECT query FROM pg_stat_activity'],
  ],
  allowed: [
    [
      'checks in the catalog, but those whose name another table has too',
      "SELECT constraint_name, check_clause FROM information_schema.check_constraints WHERE constraint_schema = 'public'",
      [['is_small'], ['((total < 1000))']],
    ],
    [
      'keys in the catalog, but those whose name another table has too',
      'SELECT constraint_name, unique_constraint_name FROM information_schema.referential_constraints',
      [['follows'], ['orders_pkey']],
    ],
    [
      'tables in the catalog',
      "SELECT relname::text, relkind::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE nspname = 'public' AND relkind IN ('r', 'v') ORDER BY 1",
      [
        ['customers', 'guarded', 'order_totals', 'orders', 'own_notes'],
        ['r', 'r', 'v', 'r', 'v'],
      ],
    ],
    [
      'columns in information_schema',
      "SELECT column_name FROM information_schema.columns WHERE table_name = 'orders' ORDER BY ordinal_position",
      [['id', 'customer_id', 'payee_id', 'total']],
    ],
    [
      'keys',
      "SELECT conname::text, pg_get_constraintdef(c.oid) FROM pg_constraint c WHERE conrelid = 'orders'::regclass AND contype <> 'c' ORDER BY 1",
      [
        ['follows', 'orders_customer_id_fkey', 'orders_pkey'],
        [
          'FOREIGN KEY (id) REFERENCES orders(id)',
          'FOREIGN KEY (customer_id) REFERENCES customers(id)',
          'PRIMARY KEY (id)',
        ],
      ],
    ],
    ['TABLE of a catalog', 'SELECT count(*) FROM (TABLE pg_tables) t', [[3]]],
    [
      'sizes',
      "SELECT pg_relation_size('orders') > 0, pg_total_relation_size('public.orders'::regclass) > 0",
      [[true], [true]],
    ],
    [
      'sizes from the catalog',
      "SELECT relname::text FROM pg_class WHERE pg_relation_size(oid) >= 0 AND relkind = 'r' ORDER BY 1",
      [['customers', 'guarded', 'orders']],
    ],
    [
      'names of what it knows',
      'SELECT DISTINCT indrelid::regclass::text FROM pg_index ORDER BY 1',
      [['customers', 'orders']],
    ],
    [
      'types of columns',
      "SELECT format_type(a.atttypid, a.atttypmod) FROM pg_attribute a WHERE attrelid = 'customers'::regclass AND attnum > 0",
      [['integer', 'text']],
    ],
    ['to_regclass', "SELECT to_regclass('orders')::text", [['orders']]],
    ['its tables', 'SELECT sum(total) FROM orders', [[30]]],
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
      'TABLE N',
    ],
  },
  quote: '"',
});
