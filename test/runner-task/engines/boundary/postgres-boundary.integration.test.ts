import { isMissing } from '../../../support/is-missing.ts';
import { startPostgres, type PostgresServer } from '../../../support/postgres-server.ts';
import { openPostgres } from '../../../../runner-task/supervisor/engines/postgres/open-postgres.ts';
import { bounds, targetOf } from '../postgres/postgres-target.ts';
import { describeBoundary } from './describe-boundary.ts';

let server: PostgresServer;
const password = 'only reads';

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
      CREATE ROLE reader LOGIN PASSWORD '${password}';
      GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader;
      ANALYZE;`);
  },
  stop: () => server.stop(),
  open: (wanted) => openPostgres(targetOf(server, { user: 'reader', password }), bounds, wanted),
  tables: ['orders', 'customers', 'order_totals'],
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
  ],
  allowed: [
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
});
