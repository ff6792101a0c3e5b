import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Policy } from '../../../runner-task/supervisor/policy/statement-policy.ts';
import { openPolicy, policyEngines, type PolicyEngine } from './policies.ts';

/** Texts with a semicolon that ends no statement, in each engine's own quotes and comments. */
const within: Readonly<Record<PolicyEngine, readonly string[]>> = {
  postgres: ["';'", '";"', "E'\\';'", '$$;$$', '$a$ ; $$ ; $a$', '/* ; /* ; */ ; */ 1', '-- ;\n 1', "U&';'"],
  mysql: ["';'", '";"', "'\\';'", '`;`', '/* ; */ 1', '-- ;\n 1', '# ;\n 1'],
  duckdb: ["';'", '";"', "E'\\';'", '$$;$$', '$a$ ; $$ ; $a$', '/* ; */ 1', '-- ;\n 1'],
  sqlite: ["';'", '";"', '`;`', '[;]', '/* ; */ 1', '-- ;\n 1'],
};

/** Statements that hold others within them: one, of a kind that may not run. */
const holders: Readonly<Record<PolicyEngine, readonly string[]>> = {
  postgres: [
    'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END',
    'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELEC 2; END',
    'DO $$ BEGIN PERFORM 1; PERFORM 2; END $$',
  ],
  mysql: [
    'BEGIN NOT ATOMIC SELECT 1; SELECT 2; END',
    'CREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; END',
    'IF 1 THEN SELECT 1; ELSE SELECT 2; END IF',
  ],
  duckdb: ["CREATE MACRO f() AS ';'"],
  sqlite: ['CREATE TRIGGER t AFTER INSERT ON parts BEGIN SELECT 1; SELECT 2; END'],
};

/** What may stand second: what reads, what does not, and what no engine can read. */
const seconds = [
  'SELECT 2',
  'DELETE FROM parts',
  'foo bar (',
  'SELECT FROM WHERE',
  'SELECT * FROM nothing_like_it',
  ')',
  'BEGIN',
];
const firsts = [
  'SELECT 1',
  'SELECT * FROM parts',
  'WITH a AS (SELECT 1 AS x) SELECT x FROM a',
  'SELECT * FROM nothing_like_it',
  'COMMIT',
  'DELETE FROM parts',
  'SELEC 1',
];
const ends = ['', ';', ' ; ', '; -- done', '; /* done */ ;'];

describe.each(policyEngines)('several statements at once, of %s', (engine) => {
  let policy: Policy;
  beforeAll(async () => {
    policy = await openPolicy(engine, false);
  });
  afterAll(() => policy.close());
  const ruleOf = async (sql: string): Promise<string> => {
    const verdict = await policy.judge(sql);
    return verdict.allowed ? 'allowed' : `${verdict.rule}: ${verdict.message}`;
  };

  it('are told as several, however they can be read', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...firsts),
        fc.array(fc.constantFrom(...seconds), { minLength: 1, maxLength: 2 }),
        fc.constantFrom(...within[engine]),
        fc.constantFrom(...ends),
        async (first, others, quoted, end) => {
          const sql = [first, ...others, `SELECT ${quoted}`].join('; ') + end;
          expect([sql, await ruleOf(sql)]).toEqual([
            sql,
            `one statement: there are ${others.length + 2} statements here.`,
          ]);
        },
      ),
      { numRuns: 60, seed: 11 },
    );
  });

  it('are not seen where a semicolon stands in quotes or a comment, or ends the one that there is', async () => {
    for (const quoted of within[engine])
      for (const end of ends)
        for (const sql of [`SELECT ${quoted}${end}`, `SELEC ${quoted}${end}`, `SELECT ${quoted} FROM (${end}`])
          expect([sql, await ruleOf(sql)]).toEqual([sql, expect.not.stringMatching(/^one statement/)]);
  });

  it('are not seen in a statement that holds others', async () => {
    for (const sql of holders[engine])
      expect([sql, await ruleOf(sql)]).toEqual([sql, expect.not.stringMatching(/^one statement|^allowed/)]);
  });

  it('are none where there is no statement', async () => {
    for (const sql of [';', ' ; ; ', '-- nothing', '/* ; */ ;'])
      expect([sql, await ruleOf(sql)]).toEqual([sql, expect.stringMatching(/no statement|This is not among/)]);
  });
});
