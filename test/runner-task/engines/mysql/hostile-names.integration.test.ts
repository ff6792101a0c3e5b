import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { createMysqlPolicy } from '../../../../runner-task/supervisor/engines/mysql/policy/mysql-policy.ts';
import { createMysqlParser } from '../../../../runner-task/supervisor/engines/mysql/policy/mysql-parser.ts';
import type { Policy } from '../../../../runner-task/supervisor/policy/statement-policy.ts';
import { policyPython } from '../../policy/policy-python.ts';

/** Every place where the grammar has a name, and a text that is like one. `N` stands for it, quoted as the place has it. */
const places = [
  'SELECT N FROM parts',
  'SELECT p.N FROM parts p',
  'SELECT N.id FROM parts',
  'SELECT N.* FROM parts',
  'SELECT app.parts.N FROM parts',
  'SELECT id AS N FROM parts',
  'SELECT id N FROM parts',
  'SELECT 1 FROM N',
  'SELECT 1 FROM app.N',
  'SELECT 1 FROM N.parts',
  'SELECT 1 FROM parts AS N',
  'SELECT 1 FROM parts N JOIN parts q USING (N)',
  'SELECT 1 FROM parts PARTITION (N)',
  'SELECT 1 FROM parts USE INDEX (N)',
  'SELECT 1 FROM parts FORCE INDEX FOR ORDER BY (N)',
  'SELECT 1 FROM (SELECT 1) AS N',
  'SELECT 1 FROM (SELECT 1) AS q (N)',
  'SELECT N(id) FROM parts',
  'SELECT app.N(id) FROM parts',
  'SELECT CAST(id AS N) FROM parts',
  'SELECT CAST(id AS CHAR CHARACTER SET N) FROM parts',
  'SELECT CAST(id AS CHAR(3) CHARACTER SET N) FROM parts',
  'SELECT CAST(id AS CHAR(N)) FROM parts',
  'SELECT CAST(id AS DECIMAL(N)) FROM parts',
  'SELECT CAST(id AS DECIMAL(10, N)) FROM parts',
  'SELECT CONVERT(id, N) FROM parts',
  'SELECT CONVERT(id USING N) FROM parts',
  'SELECT CONVERT(id, CHAR CHARACTER SET N) FROM parts',
  'SELECT name COLLATE N FROM parts',
  "SELECT _N 'a'",
  "SELECT N 'a'",
  'SELECT CHAR(65 USING N)',
  'SELECT EXTRACT(N FROM made) FROM parts',
  'SELECT made + INTERVAL 1 N FROM parts',
  'SELECT DATE_ADD(made, INTERVAL 1 N) FROM parts',
  'SELECT TIMESTAMPDIFF(N, made, made), TIMESTAMPADD(N, 1, made) FROM parts',
  'SELECT GET_FORMAT(N, 1)',
  "SELECT TRIM(N FROM 'a')",
  'SELECT WEIGHT_STRING(name AS N(3)) FROM parts',
  'SELECT GROUP_CONCAT(id ORDER BY N SEPARATOR T) FROM parts',
  'SELECT GROUP_CONCAT(id SEPARATOR N) FROM parts',
  'SELECT SUM(id) OVER N FROM parts WINDOW N AS (ORDER BY id)',
  'SELECT SUM(id) OVER (N ORDER BY id) FROM parts WINDOW N AS (PARTITION BY id)',
  'SELECT SUM(id) OVER (ORDER BY id ROWS N PRECEDING) FROM parts',
  'SELECT 1 ORDER BY N',
  'SELECT 1 GROUP BY N WITH ROLLUP HAVING N',
  'SELECT 1 LIMIT N',
  'SELECT 1 LIMIT 1 OFFSET N',
  'WITH N AS (SELECT 1) SELECT * FROM N',
  'WITH q (N) AS (SELECT 1) SELECT N FROM q',
  'WITH RECURSIVE q AS (SELECT 1 AS N UNION SELECT N FROM q) CYCLE N RESTRICT SELECT * FROM q',
  'SELECT doc->T, doc->>T, JSON_EXTRACT(doc, T), JSON_VALUE(doc, T) FROM parts',
  'SELECT N->T FROM parts',
  'SELECT JSON_VALUE(doc, T RETURNING N) FROM parts',
  "SELECT 1 FROM JSON_TABLE('[1]', T COLUMNS (N INT PATH T)) AS N",
  "SELECT 1 FROM JSON_TABLE('[1]', '$' COLUMNS (a N PATH T DEFAULT T ON EMPTY)) AS q",
  "SELECT 1 FROM JSON_TABLE('[1]', '$' COLUMNS (a CHAR(3) CHARACTER SET N COLLATE N PATH '$')) AS q",
  "SELECT 1 FROM JSON_TABLE('[1]', '$' COLUMNS (NESTED PATH T COLUMNS (N FOR ORDINALITY))) AS q",
  'SELECT MATCH (N) AGAINST (T IN N MODE) FROM parts',
  'SELECT name LIKE T ESCAPE T, name REGEXP T FROM parts',
  'SELECT COLUMN_GET(doc, T AS N) FROM parts',
  'SELECT DEFAULT(N) FROM parts',
  'SELECT DATE T, TIME T, TIMESTAMP T, x T, b T, n T',
  'SELECT /*+ N */ 1',
  'SELECT N 1',
  'SELECT @N, @@N, @@session.N, :N',
  'SELECT 1 FROM parts FOR SYSTEM_TIME AS OF N',
  'EXPLAIN FORMAT=N SELECT 1',
  'EXPLAIN N SELECT 1',
  'DESCRIBE parts N',
  'DESCRIBE parts T',
  'DESCRIBE N',
  'SHOW COLUMNS FROM N',
  'SHOW COLUMNS FROM parts LIKE T',
  'SHOW COLUMNS FROM parts FROM N',
  'SHOW INDEX FROM parts WHERE N',
  'SHOW TABLES FROM N LIKE T',
  'SHOW N',
  'SHOW CREATE N parts',
] as const;

/** Pieces that end a name, a text, a bracket or a statement for who reads it otherwise, or take what follows with them. */
const pieces = fc.oneof(
  fc.constantFrom(
    "'",
    '"',
    '`',
    '``',
    "''",
    '\\',
    "\\'",
    '\\`',
    '(',
    ')',
    '), (',
    ',',
    ';',
    '--',
    '-- ',
    '#',
    '/*',
    '*/',
    '/*!',
    '/*M!',
  ),
  fc.constantFrom(
    '\n',
    '\r',
    '\0',
    '\u001a',
    '\u00a0',
    '\u2028',
    '\ufeff',
    '\ud83d\ude00',
    '\u212a',
    '\u0130',
    '.',
    '*',
    '@',
    ':',
    '?',
    '{',
    '}',
    '$',
    '[',
    ']',
  ),
  fc.constantFrom(
    'utf8',
    'YEAR',
    'day',
    '5',
    '1e3',
    '0x1',
    'SELECT',
    ' FROM ',
    'UNION',
    'AS',
    ' ',
    'NULL',
    'x',
    'N',
    '_utf8',
  ),
  fc.constantFrom(
    'utf8), (SELECT secret FROM salaries',
    'YEAR FROM now()), (SELECT secret FROM salaries), EXTRACT(day',
    "'); DROP TABLE salaries; --",
  ),
);
const names = fc
  .tuple(fc.array(pieces, { maxLength: 5 }), fc.array(pieces, { maxLength: 3 }))
  .map(([before, after]) => `${before.join('')}salaries${after.join('')}`)
  // A plain word may stand without quotes where a word is wanted.
  .filter((name) => !/^\w+$/.test(name));
const quotes = fc.constantFrom('`', '"', "'");

const write = (place: string, name: string, quote: string): string =>
  place.replaceAll(/\bN\b|_N\b|\bT\b/g, (what) =>
    what === 'T'
      ? `'${name.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
      : `${what === '_N' ? '_' : ''}${quote}${(quote === '`' ? name : name.replaceAll('\\', '\\\\')).replaceAll(quote, quote + quote)}${quote}`,
  );

/** What a statement says outside of quotes, divided as the server does. */
const outsideQuotes = (sql: string): string =>
  sql.replaceAll(/`(?:[^`]|``)*`|'(?:[^'\\]|\\[^]|'')*'|"(?:[^"\\]|\\[^]|"")*"/g, ' _ ');

describe('names that would be something else without their quotes', () => {
  let policy: Policy;
  beforeAll(async () => {
    policy = createMysqlPolicy({
      tables: [{ name: 'parts', table: 'parts' }],
      default_schema: 'app',
      fold_names: false,
      parser: createMysqlParser(await policyPython()),
      boundary: { views: [], leading: [] },
    });
  });
  afterAll(() => policy.close());

  it.each(places)('stand in their quotes wherever they may stand: %s', { timeout: 120_000 }, async (place) => {
    await fc.assert(
      fc.asyncProperty(names, quotes, async (name, quote) => {
        const sql = write(place, name, quote);
        const sent = await policy.admit(sql).catch(() => '');
        expect(outsideQuotes(sent)).not.toMatch(/salaries/i);
      }),
      { numRuns: 12 },
    );
  });

  test.each([
    'SELECT CAST(name AS CHAR CHARACTER SET `utf8), (SELECT secret FROM parts`) AS x FROM parts',
    'SELECT EXTRACT(`day FROM now()), (SELECT 1 FROM parts), EXTRACT(YEAR` FROM made) FROM parts',
    'SELECT CAST(id AS DECIMAL(`5), (SELECT COUNT(*) FROM parts`)) FROM parts',
    'SELECT CONVERT(name USING `utf8), (1`) FROM parts',
  ])('are refused where they would say more, of the run’s own tables too: %s', async (sql) => {
    expect(await policy.judge(sql)).toMatchObject({ allowed: false });
  });

  test.each([
    'SELECT `a``b`, `it is`, `x), (y` AS `"; --` FROM parts AS `p#`',
    'SELECT CAST(name AS CHAR CHARACTER SET utf8mb4), name COLLATE utf8mb4_bin, EXTRACT(DAY_HOUR FROM made) FROM parts',
  ])('are let through where they are but names: %s', async (sql) => {
    expect(await policy.judge(sql)).toMatchObject({ allowed: true });
  });
});
