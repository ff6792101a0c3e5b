import type { DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';
import { Failure } from '../../../src/contracts/failure.ts';
import { quoteText } from '../../../src/domain/sql-name.ts';

const longestStatement = 100_000;

/**
 * The table functions a statement may call: those that only compute or describe. A list of what is allowed, because one
 * that is not can harm even behind `enable_external_access = false`: `enable_logging` to a file makes every later
 * statement fail, `query` hides a second statement in a text.
 */
const tableFunctions = new Set(
  `range generate_series unnest repeat repeat_row json_each json_tree summary histogram histogram_values
  duckdb_columns duckdb_constraints duckdb_functions duckdb_indexes duckdb_keywords duckdb_schemas duckdb_tables
  duckdb_types duckdb_views pragma_table_info pragma_show pragma_storage_info pragma_version pg_timezone_names
  icu_calendar_names`.split(/\s+/),
);

const instead: Readonly<Record<string, string>> = {
  CREATE: 'Use WITH … AS (…) or a subquery for what you would keep.',
  PIVOT: 'Name the values: PIVOT … ON column IN (value, …) USING …; or use conditional aggregates.',
  PRAGMA: 'Use DESCRIBE table, or SELECT … FROM duckdb_columns().',
  CALL: 'Use SELECT … FROM the_function(…).',
  EXPLAIN: 'Run the SELECT itself.',
  SET: 'The settings are fixed; times are in UTC.',
  COPY: 'SELECT the rows; in Python, write them to the workspace.',
  ATTACH: 'Only the database of this run can be read; SELECT from its tables.',
  USE: 'Address tables of another schema as schema.table.',
};

const refuse = (rule: string, how: string): Failure => new Failure('STATEMENT_REFUSED', `${rule} ${how}`);

const Parsed = z.discriminatedUnion('error', [
  z.object({ error: z.literal(false), statements: z.array(z.unknown()) }),
  z.object({ error: z.literal(true), error_type: z.string(), error_message: z.string() }),
]);

const parse = async (connection: DuckDBConnection, sql: string): Promise<z.infer<typeof Parsed>> => {
  const reader = await connection.runAndReadAll(`SELECT json_serialize_sql(${quoteText(sql)})`);
  return Parsed.parse(JSON.parse(String(reader.getRows()[0]?.[0])));
};

const namedTableFunctions = (tree: unknown): readonly string[] => {
  const found: string[] = [];
  const left: unknown[] = [tree];
  while (left.length > 0) {
    const node = left.pop();
    if (typeof node !== 'object' || node === null) continue;
    if ('type' in node && node.type === 'TABLE_FUNCTION' && 'function' in node) {
      const call = z.object({ function_name: z.string() }).safeParse(node.function);
      // A table function whose name the tree does not tell is none of the allowed ones.
      found.push(call.success ? call.data.function_name.toLowerCase() : '(unnamed)');
    }
    left.push(...Object.values(node));
  }
  return found;
};

/** The first word after comments: what the statement calls itself. */
const firstWord = (sql: string): string =>
  /^(?:\s|--[^\n]*(?:\n|$)|\/\*.*?\*\/)*([A-Za-z]+)/s.exec(sql)?.[1]?.toUpperCase() ?? '?';

const refuseKind = (sql: string): Failure => {
  const word = firstWord(sql);
  const kind = /\bPIVOT\b/i.test(sql) && ['PIVOT', 'SELECT', 'WITH', 'FROM'].includes(word) ? 'PIVOT' : word;
  return refuse(
    `Rule "one SELECT": ${kind === 'PIVOT' ? 'a PIVOT without a list of values' : kind} is not a SELECT statement, and only those are run.`,
    instead[kind] ?? 'The database is read-only: compute what you need in a SELECT.',
  );
};

/**
 * Lets through exactly one SELECT statement (WITH, VALUES, FROM, DESCRIBE, SUMMARIZE and SHOW are ones to DuckDB's own
 * parser, which decides here) that calls no table function but the allowed ones. Fails with STATEMENT_REFUSED, or with
 * STATEMENT_FAILED where it does not parse.
 */
export const checkStatement = async (connection: DuckDBConnection, sql: string): Promise<void> => {
  if (sql.length > longestStatement) {
    throw refuse(
      `Rule "size": the statement has ${sql.length} characters, the limit is ${longestStatement}.`,
      'Shorten it; long lists of values belong into a join.',
    );
  }
  if (sql.includes('\0')) throw refuse('Rule "no NUL": the statement holds a NUL character.', 'Leave it out.');

  const parsed = await parse(connection, sql);
  if (parsed.error) {
    if (parsed.error_type === 'not implemented') throw refuseKind(sql);
    // The parser's own error, for its line and caret; extracting statements runs none of them.
    const reason = await connection.extractStatements(sql).then(
      () => `Parser Error: ${parsed.error_message}`,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    throw new Failure('STATEMENT_FAILED', reason.replace(/^Failed to extract statements: /, '').trim());
  }
  if (parsed.statements.length !== 1) {
    throw refuse(
      `Rule "one SELECT": there ${parsed.statements.length === 0 ? 'is no statement' : `are ${parsed.statements.length} statements`} here.`,
      'Send one SELECT statement at a time.',
    );
  }
  const forbidden = namedTableFunctions(parsed.statements).find((name) => !tableFunctions.has(name));
  if (forbidden !== undefined) {
    throw refuse(
      `Rule "table functions": ${forbidden}() may not be called.`,
      'Read the tables of this database by their names; files of the workspace can be read in Python.',
    );
  }
};
