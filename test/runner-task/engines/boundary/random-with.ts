import fc from 'fast-check';

/** How an engine writes what the statements are made of. */
export type WithSyntax = {
  /** Whether AS may be followed by MATERIALIZED or NOT MATERIALIZED. */
  readonly materialized: boolean;
  /** Forms that read `N`, two columns of it. */
  readonly reads: readonly string[];
};

/** Names that WITH gives: the table outside of the run among them, as its letters may be written too. */
const names = fc.constantFrom('salaries', 'salaries', 'salaries', '"salaries"', 'SALARIES', 'a', 'b');
const own = 'SELECT 1 AS n, 2 AS m';

/** A name as an engine takes it; in its own quotes. */
const write = (sql: string, quote: string): string => sql.replaceAll('"', quote);

/**
 * Random statements in which WITH gives queries the name of a table outside of the run: nested, recursive or not, before and after
 * they are used, and the name read wherever a query may stand. None of them names the table with its schema.
 */
export const randomWith = ({ materialized, reads }: WithSyntax, quote: string): fc.Arbitrary<string> => {
  const reading = fc.tuple(fc.constantFrom(...reads), names).map(([form, name]) => form.replaceAll('N', () => name));
  const repeating = fc
    .tuple(reading, fc.constantFrom('UNION', 'UNION ALL'), names)
    .map(([first, by, name]) => `${first} ${by} SELECT * FROM ${name} WHERE 1 = 0`);
  const hint = fc.constantFrom(...(materialized ? ['', '', ' MATERIALIZED', ' NOT MATERIALIZED'] : ['']));
  const { query } = fc.letrec<{ query: string; body: string; plain: string; part: string }>((tie) => ({
    plain: fc.oneof({ weight: 4, arbitrary: reading }, { weight: 2, arbitrary: fc.constant(own) }),
    part: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      tie('plain'),
      tie('query').map((inner) => `SELECT * FROM (${inner}) q`),
      tie('query').map(
        (inner) =>
          `SELECT 1, (SELECT max(m) FROM (SELECT 1 AS n, 2 AS m UNION ALL ${inner.startsWith('WITH') ? `SELECT * FROM (${inner}) r` : inner}) q)`,
      ),
      tie('query').map(
        (inner) =>
          `SELECT 1, 424000 + 242 FROM (${own}) q WHERE 424242 IN (SELECT m FROM (${own} UNION ALL SELECT * FROM (${inner}) r) s)`,
      ),
    ),
    body: fc.oneof(
      tie('part'),
      fc
        .tuple(tie('part'), fc.constantFrom('UNION ALL', 'UNION'), tie('part'))
        .map(([one, by, other]) => `${one} ${by} ${other}`),
    ),
    query: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      tie('body'),
      fc
        .tuple(
          fc.boolean(),
          fc.array(fc.tuple(names, fc.constantFrom('', ' (n, m)'), hint, fc.oneof(tie('query'), repeating)), {
            minLength: 1,
            maxLength: 3,
          }),
          tie('body'),
        )
        .map(
          ([isRecursive, queries, body]) =>
            `WITH ${isRecursive ? 'RECURSIVE ' : ''}${queries.map(([name, columns, how, inner]) => `${name}${columns} AS${how} (${inner})`).join(', ')} ${body}`,
        ),
    ),
  }));
  const outer = fc.constantFrom('', `, salaries AS (${own})`, `, "SALARIES" (n, m) AS (${own})`);
  return fc
    .tuple(query, outer)
    .map(([inner, more]) => write(`WITH a AS (${own}), b AS (${own})${more} SELECT * FROM (${inner}) q`, quote))
    .filter((sql) => sql.length < 3_000);
};
