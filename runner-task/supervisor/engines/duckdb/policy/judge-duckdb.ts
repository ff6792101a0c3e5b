import { lookUp } from '../../../../../src/contracts/look-up.ts';
import type { DuckDBConnection } from '@duckdb/node-api';
import * as z from 'zod';
import { quoteText } from '../../../../../src/domain/sql-name.ts';
import { refusal, unparsable, type Judge, type Refusal, type Verdict } from '../../../policy/verdict.ts';
import { countStatements, refuseCount } from '../../../policy/count-statements.ts';
import { checkDuckdbTree, type DuckdbRules } from './check-duckdb-tree.ts';
import { addPivotValues } from './add-pivot-values.ts';
import { narrowDuckdb, type DuckdbBoundary } from './narrow-duckdb.ts';

const instead: Readonly<Record<string, string>> = {
  CREATE: 'Use WITH … AS (…) or a subquery for what you would keep.',
  PIVOT: 'Name the values: PIVOT … ON column IN (value, …) USING …; or use conditional aggregates.',
  PRAGMA: 'Use DESCRIBE table, or SELECT … FROM duckdb_columns().',
  EXPLAIN: 'Run the SELECT itself; plain EXPLAIN shows how tables are read.',
  SET: 'The settings are fixed; times are in UTC.',
  COPY: 'SELECT the rows; in Python, write them to the workspace.',
  ATTACH: 'Only the database of this run can be read; SELECT from its tables.',
  USE: 'Address tables of another schema as schema.table.',
};

const Serialized = z.discriminatedUnion('error', [
  z.object({ error: z.literal(false), statements: z.array(z.unknown()) }),
  z.object({ error: z.literal(true), error_type: z.string(), error_message: z.string() }),
]);

/** White space and comments, which may stand before the first word. */
const before = String.raw`(?:\s|--[^\n]*(?:\n|$)|/\*(?:[^*]|\*(?!/))*\*/)*`;
const firstWord = new RegExp(`^${before}([A-Za-z]+)`);
const plainExplain = new RegExp(`^${before}EXPLAIN(?![A-Za-z0-9_])`, 'i');

/** Words that begin a query: one that is not serialized all the same does more than read. */
const beginsQuery = new Set([
  'SELECT',
  'WITH',
  'FROM',
  'VALUES',
  'TABLE',
  'SHOW',
  'DESCRIBE',
  'DESC',
  'SUMMARIZE',
  'UNPIVOT',
]);
const pivots = /\bPIVOT(_WIDER)?\b/i;

const refuseKind = (sql: string): Refusal => {
  const word = firstWord.exec(sql)?.[1]?.toUpperCase() ?? '?';
  const isPivot = pivots.test(sql) && (beginsQuery.has(word) || word.startsWith('PIVOT'));
  return refusal(
    'read-only statements',
    `${isPivot ? 'this form of PIVOT' : beginsQuery.has(word) ? `this form of ${word}` : word} is not among SELECT, FROM, VALUES, WITH … SELECT, PIVOT, UNPIVOT, EXPLAIN, DESCRIBE, SUMMARIZE and SHOW.`,
    lookUp(instead, isPivot ? 'PIVOT' : word) ?? 'The database is read-only: compute what you need in a SELECT.',
  );
};

const executes = /^\s*(ANALYZE\b|\()/i;
const refuseExecution = refusal(
  'EXPLAIN without execution',
  'EXPLAIN may have no ANALYZE and no options.',
  'Run the SELECT itself; plain EXPLAIN shows how tables are read.',
);

/**
 * Judges with DuckDB's own parser, asked through a connection: `json_serialize_sql` parses a text and runs nothing of
 * it. It serializes SELECT statements alone, so it also decides what is one; of an EXPLAIN, what follows is judged.
 * (`extractStatements` does run things: for IMPORT DATABASE it reads the files. It is asked for syntax errors alone.)
 * Within a `boundary` the catalogs are those of the run.
 */
export const createDuckdbJudge = (
  connection: DuckDBConnection,
  rules: DuckdbRules,
  boundary?: DuckdbBoundary,
): Judge => {
  const serialize = async (sql: string): Promise<z.infer<typeof Serialized>> => {
    const reader = await connection.runAndReadAll(`SELECT json_serialize_sql(${quoteText(sql)})`);
    return Serialized.parse(JSON.parse(String(reader.getRows()[0]?.[0])));
  };

  /** The parser's own words, with its line and caret; extracting statements runs none of them. */
  const syntaxError = async (sql: string, message: string): Promise<Refusal> => {
    const reason = await connection.extractStatements(sql).then(
      () => `Parser Error: ${message}`,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    return unparsable(reason.replace(/^Failed to extract statements: /, '').trim());
  };

  return async (sql) => {
    const explain = plainExplain.exec(sql)?.[0];
    const query = explain === undefined ? sql : sql.slice(explain.length);
    const asSent = (text: string) =>
      ({ allowed: true, sql: explain === undefined ? text : `EXPLAIN ${text}` }) as const;
    /** What was judged, narrowed to the run. Places in a tree are those of the text that it was made of. */
    const admit = (statements: readonly unknown[], isAsWritten: boolean): Verdict => {
      if (boundary === undefined) return asSent(query);
      const narrowed = narrowDuckdb(isAsWritten ? query : '', statements, boundary, explain !== undefined);
      if (typeof narrowed !== 'string') return narrowed;
      return asSent(isAsWritten ? narrowed : query);
    };
    if (explain !== undefined && executes.test(query)) return refuseExecution;
    const parsed = await serialize(query);
    if (parsed.error) {
      const count = countStatements(sql);
      if (count !== 1) return refuseCount(count);
      if (parsed.error_type !== 'not implemented') return syntaxError(sql, parsed.error_message);
      const named = pivots.test(query) ? await serialize(addPivotValues(query)) : parsed;
      if (named.error || named.statements.length !== 1) return refuseKind(sql);
      return checkDuckdbTree(named.statements, rules) ?? admit(named.statements, false);
    }
    if (parsed.statements.length !== 1) return refuseCount(parsed.statements.length);
    return checkDuckdbTree(parsed.statements, rules) ?? admit(parsed.statements, true);
  };
};
