import { lookUp } from '../../../../../src/contracts/look-up.ts';
import { refusal, unparsable, type Judge, type Refusal } from '../../../policy/verdict.ts';
import { countStatements, refuseCount } from '../../../policy/count-statements.ts';
import { checkPostgresTree, type PostgresRules } from './check-postgres-tree.ts';
import { nameSchemas, type MissingSchema } from './name-schemas.ts';
import type { PostgresParse, PostgresParser } from './postgres-parser.ts';
import { shownSettings } from './shown-settings.ts';

/** What an EXPLAIN may say: nothing that runs the statement (ANALYZE and what needs it) or shows settings. */
const explainOptions = new Set(['verbose', 'costs', 'format', 'summary', 'generic_plan']);

const instead: Readonly<Record<string, string>> = {
  Insert: 'The database is read-only: SELECT what you would change.',
  Update: 'The database is read-only: SELECT what you would change.',
  Delete: 'The database is read-only: SELECT what you would change.',
  Merge: 'The database is read-only: SELECT what you would change.',
  Copy: 'SELECT the rows; in Python, write them to the workspace.',
  Create: 'Use WITH … AS (…) or a subquery for what you would keep.',
  CreateTableAs: 'Use WITH … AS (…) or a subquery for what you would keep.',
  View: 'Use WITH … AS (…) or a subquery for what you would keep.',
  VariableSet: 'The settings are fixed; times are in UTC.',
  Transaction: 'Each statement runs in a read-only transaction of its own.',
  Prepare: 'Send the SELECT itself, with its values written out.',
  Execute: 'Send the SELECT itself, with its values written out.',
  DeclareCursor: 'Send the SELECT itself.',
  Do: 'Compute it in a SELECT, or in Python.',
};

type Fields = { readonly [field: string]: unknown };
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

/** The one key of `{ SelectStmt: {…} }` and what it holds. */
const unwrap = (node: unknown): readonly [kind: string, fields: Fields] => {
  const [[kind, fields] = ['nothing', {}]] = isFields(node) ? Object.entries(node) : [];
  return [kind, isFields(fields) ? fields : {}];
};

const refuseKind = (kind: string): Refusal => {
  const name = kind.replace(/Stmt$/, '');
  return refusal(
    'read-only statements',
    `${name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toUpperCase()} is not among SELECT, VALUES, TABLE, WITH … SELECT, EXPLAIN and SHOW.`,
    lookUp(instead, name) ?? 'The database is read-only: compute what you need in a SELECT.',
  );
};

const checkExplain = (options: unknown): Refusal | undefined => {
  for (const option of Array.isArray(options) ? options : []) {
    const name = String(unwrap(option)[1]['defname']);
    if (explainOptions.has(name)) continue;
    return refusal(
      'EXPLAIN without execution',
      `EXPLAIN may not have the option ${name.toUpperCase()}.`,
      'Run the SELECT itself; plain EXPLAIN shows how tables are read.',
    );
  }
  return undefined;
};

const checkShow = (name: unknown): Refusal | undefined =>
  shownSettings.has(String(name).toLowerCase())
    ? undefined
    : refusal(
        'settings',
        `SHOW ${String(name)} is not one of the settings that may be read.`,
        `Those are: ${[...shownSettings].join(', ')}.`,
      );

/** Why there is no tree: a syntax error with the place the parser found it at, or too much for the parser. */
const explainFailure = (sql: string, failure: Extract<PostgresParse, { readonly failed: string }>): Refusal => {
  switch (failure.failed) {
    case 'depth':
      return refusal('nesting', 'the statement is nested too deeply to be parsed.', 'Divide it with WITH … AS (…).');
    case 'lost':
      return refusal('parsing', 'the statement takes too long to be parsed.', 'Shorten it.');
    case 'syntax': {
      const count = countStatements(sql);
      if (count > 1) return refuseCount(count);
      const before = sql.slice(0, Math.max(0, failure.at)).split('\n');
      const place = failure.at < 0 ? '' : ` (line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1})`;
      return unparsable(`${failure.message}${place}`);
    }
  }
};

/**
 * Judges with PostgreSQL's own grammar (that of version 18: older servers know no statement that it does not). What is
 * executed is the text as it was sent, with schemas before names that could mean something else, so the session must have
 * `standard_conforming_strings = on`, which decides what a backslash in a text means, and must use the extended protocol,
 * which takes one statement.
 */
export const createPostgresJudge = (rules: PostgresRules, parser: PostgresParser): Judge => {
  const judge = (statement: unknown): Refusal | readonly MissingSchema[] => {
    const [kind, fields] = unwrap(statement);
    switch (kind) {
      case 'SelectStmt':
        return checkPostgresTree(statement, rules);
      case 'ExplainStmt': {
        const [explained] = unwrap(fields['query']);
        if (explained !== 'SelectStmt') return refuseKind(explained);
        return checkExplain(fields['options']) ?? checkPostgresTree(fields['query'], rules);
      }
      case 'VariableShowStmt':
        return checkShow(fields['name']) ?? [];
      default:
        return refuseKind(kind);
    }
  };
  return async (sql) => {
    const parsed = await parser.parse(sql);
    if ('failed' in parsed) return explainFailure(sql, parsed);
    const { statements } = parsed;
    if (statements.length !== 1) return refuseCount(statements.length);
    const judged = judge(statements[0]);
    if ('rule' in judged) return judged;
    const named = nameSchemas(sql, judged);
    return named === undefined
      ? refusal('parsing', 'the names of the statement cannot be told apart.', 'Write schema.table.')
      : { allowed: true, sql: named };
  };
};
