import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenEngine } from '../../../../runner-task/supervisor/engines/open-engine.ts';
import { reportOf } from '../../../../src/contracts/failure-report.ts';
import type { WantedTables } from '../../../../src/domain/connection/narrow-schema.ts';
import { foldedNames } from './folded-names.ts';
import { randomWith, type WithSyntax } from './random-with.ts';

/** A statement that would tell of a table which the run was not given, and what it is an example of. */
export type WayOut = readonly [way: string, sql: string];

/** A statement that a run of some tables may send, and its answer, or a part of it. */
export type Allowed = readonly [what: string, sql: string, answer: unknown];

/**
 * The database of these tests has the tables `orders` and `customers`, the view `order_totals`, and what no run of them is
 * given: `salaries`, whose names and values all hold `secret` or 424242.
 */
export type BoundarySubject = {
  readonly name: string;
  readonly isMissing: boolean;
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly open: (wanted?: WantedTables) => Promise<OpenEngine>;
  /** The run's tables. */
  readonly tables: readonly string[];
  readonly ways: readonly WayOut[];
  /** Ways that no run has, whichever its tables are: they are closed without the boundary too. */
  readonly closed: readonly WayOut[];
  readonly allowed: readonly Allowed[];
  /** Left out where the engine is tried with them elsewhere. */
  readonly syntax?: WithSyntax;
  /** What a name stands in. */
  readonly quote?: string;
};

const limits = { rows: 10_000, bytes: 4 * 1024 * 1024, seconds: 20 };
/** What only a table outside the run holds, in its name, its columns or its rows. */
const told = /salar|secret|424242/i;

/** What is found behind a statement: its answer, or the failure in all its words. */
const tellings = async (engine: OpenEngine, sql: string): Promise<string> => {
  try {
    const { columns, values } = await engine.run(sql, limits);
    return JSON.stringify([columns.map(({ name }) => name), values]);
  } catch (error) {
    return JSON.stringify(reportOf(error));
  }
};

/** What the statement itself says is no telling. */
const without = (text: string, sql: string): string =>
  [...sql.matchAll(/[\w]+/g)].reduce((left, [word]) => (told.test(word) ? left.replaceAll(word, '…') : left), text);

/** Tries each way to a table that a run was not given, with the boundary and without it. */
export const describeBoundary = (subject: BoundarySubject): void => {
  describe.skipIf(subject.isMissing)(`the tables of a run as its boundary, on ${subject.name}`, () => {
    let narrow: OpenEngine;
    let whole: OpenEngine;
    beforeAll(async () => {
      await subject.start();
      narrow = await subject.open({ asked: subject.tables });
      whole = await subject.open();
    });
    afterAll(async () => {
      await narrow?.close();
      await whole?.close();
      await subject.stop();
    });

    it.each([...subject.ways, ...subject.closed])('lets nothing through by %s: %s', async (_, sql) => {
      const text = await tellings(narrow, sql);
      expect(without(text, sql)).not.toMatch(told);
    });

    it.each(subject.ways)('is what stands in the way of %s: %s', async (_, sql) => {
      const [within, beyond] = [await tellings(narrow, sql), await tellings(whole, sql)];
      expect(beyond).not.toContain('STATEMENT_REFUSED');
      // Where nothing is told by name, that there is another answer tells.
      expect(within).not.toBe(beyond);
    });

    it.each(subject.allowed)('lets a run work with its own: %s', async (_, sql, answer) => {
      expect((await narrow.run(sql, limits)).values).toEqual(answer);
    });

    it.skipIf(subject.syntax === undefined)(
      'reads nothing by a name that WITH gives, wherever it is known',
      { timeout: 240_000 },
      async () => {
        const { syntax = { materialized: false, reads: [] }, quote = '"' } = subject;
        const numRuns = Number(process.env['SURVEYOR_FUZZ_RUNS'] ?? 300);
        let ran = 0;
        await fc.assert(
          fc.asyncProperty(randomWith(syntax, quote), async (sql) => {
            const answer = await narrow.run(sql, limits).catch(() => undefined);
            ran += answer === undefined ? 0 : 1;
            expect(JSON.stringify(answer?.values ?? [])).not.toMatch(told);
          }),
          { numRuns },
        );
        // Most of them are refused, or name what is not there.
        expect(ran).toBeGreaterThan(numRuns / 60);
      },
    );

    it('takes no name for another that JavaScript, and not the engine, takes for the same', async () => {
      const { quote = '"' } = subject;
      for (const name of foldedNames('salaries')) {
        for (const sql of [
          `WITH ${quote}${name}${quote} AS (SELECT 1 AS n, 2 AS m) SELECT * FROM salaries`,
          `WITH ${quote}${name}${quote} AS (SELECT 1 AS n, 2 AS m), q AS (SELECT * FROM salaries) SELECT q.* FROM q, order_totals`,
          `SELECT * FROM ${quote}${name}${quote}`,
        ]) {
          const answer = await narrow.run(sql, limits).catch(() => undefined);
          expect([sql, JSON.stringify(answer?.values ?? [])]).toEqual([sql, expect.not.stringMatching(told)]);
        }
      }
    });

    it('is told of its own tables alone', () => {
      expect(narrow.opened.schema.tables.map(({ name }) => name)).toEqual(subject.tables);
      expect(narrow.opened.addresses).toHaveLength(subject.tables.length);
      expect(JSON.stringify([narrow.opened.schema, narrow.opened.addresses])).not.toMatch(told);
      expect(JSON.stringify(whole.opened.schema)).toMatch(told);
    });

    it('names the run’s tables, and no other, to who looks for one', async () => {
      const text = await tellings(narrow, 'SELECT * FROM salarie');
      expect(text).toContain('is not a table of this run');
      expect(text).not.toContain('salaries');
    });
  });
};
