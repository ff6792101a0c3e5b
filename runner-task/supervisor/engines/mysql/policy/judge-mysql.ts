import { lookUp } from '../../../../../src/contracts/look-up.ts';
import { refusal, unparsable, type Judge, type Refusal } from '../../../policy/verdict.ts';
import { checkMysqlTree, type MysqlRules } from './check-mysql-tree.ts';
import type { MysqlParse, MysqlParser } from './mysql-parser.ts';
import { mysqlNode, nameOf, textOf, type MysqlNode } from './mysql-tree.ts';
import { stripMysqlComments } from './strip-mysql-comments.ts';

const queries = new Set(['Select', 'Union', 'Intersect', 'Except', 'Subquery', 'Values']);
const ofTable = new Set(['COLUMNS', 'INDEX', 'CREATE TABLE']);
const ofDatabase = new Set(['TABLES', 'TABLE STATUS']);

const instead: Readonly<Record<string, string>> = {
  Insert: 'The database is read-only: SELECT what you would change.',
  Update: 'The database is read-only: SELECT what you would change.',
  Delete: 'The database is read-only: SELECT what you would change.',
  Create: 'Use WITH … AS (…) or a subquery for what you would keep.',
  Set: 'The settings are fixed; times are in UTC.',
  Use: 'Address tables of another schema as schema.table.',
};

/** What a statement of several others begins with: semicolons stand within it. */
const holdsOthers = /^[\s(]*(?:BEGIN\s+NOT\b|(?:CREATE|ALTER|DECLARE|IF|CASE|LOOP|REPEAT|WHILE|FOR)\b.*\bEND\b)/is;

const movesSequence = /\b(?:NEXT|PREVIOUS)\s+VALUE\s+FOR\b/i;

const firstWord = (sql: string): string => /[A-Za-z]+/.exec(sql)?.[0] ?? 'this';

/** A kind of statement that may not run, by the word that it begins with where the parser's name for it is not a word of SQL. */
const refuseKind = ({ kind, parts }: MysqlNode, sql: string): Refusal => {
  const shown = kind === 'Show' || /^\s*SHOW\b/i.test(sql);
  if (shown) {
    const what = kind === 'Show' ? textOf(parts['this']) : sql.trim().split(/\s+/)[1]?.toUpperCase();
    return refusal(
      'read-only statements',
      `SHOW ${what ?? ''} may not be used.`,
      'Use SHOW TABLES, SHOW COLUMNS FROM …, SHOW INDEX FROM … or SHOW CREATE TABLE …; other catalogs are in information_schema.',
    );
  }
  const word = kind === 'Command' ? textOf(parts['this']) : undefined;
  const name = word ?? (Object.hasOwn(instead, kind) ? kind : firstWord(sql));
  return refusal(
    'read-only statements',
    `${name.toUpperCase()} is not among SELECT, WITH … SELECT, VALUES, TABLE, EXPLAIN, DESCRIBE and SHOW of tables, columns and indexes.`,
    lookUp(instead, kind) ?? 'The database is read-only: compute what you need in a SELECT.',
  );
};

/** Words that begin what may run: where another one begins what does not parse, the word is refused, not its syntax. */
const begins = /^[\s(]*(SELECT|WITH|VALUES|TABLE|EXPLAIN|DESCRIBE|DESC|SHOW)\b/i;

/** Why the parser has no tree. What it does not know is told apart from what is written wrongly, as far as that shows. */
const explainFailure = (
  sql: string,
  { failed, message }: Extract<MysqlParse, { readonly failed: string }>,
): Refusal => {
  if (failed === 'several') {
    return holdsOthers.test(sql)
      ? refuseKind({ kind: 'Command', parts: { this: firstWord(sql) } }, sql)
      : refusal('one statement', `${message} here.`, 'Send one SELECT at a time.');
  }
  if (failed !== 'syntax') {
    const instead = 'Divide the statement with WITH … AS (…), or shorten it.';
    return refusal(failed === 'depth' ? 'nesting' : 'parsing', `${message}.`, instead);
  }
  if (!begins.test(sql)) {
    return refuseKind({ kind: 'Command', parts: { this: firstWord(sql) } }, sql);
  }
  if (movesSequence.test(sql))
    return refusal(
      'functions',
      'NEXT VALUE FOR and PREVIOUS VALUE FOR work with sequences, whose numbers are not data.',
      'To number rows, use ROW_NUMBER() OVER (…).',
    );
  if (/\bPROCEDURE\s+ANALYSE\s*\(/i.test(sql))
    return refusal(
      'read-only statements',
      'PROCEDURE ANALYSE makes a table on the server.',
      'SELECT MIN(…), MAX(…) and COUNT(DISTINCT …) of the columns.',
    );
  const file = /\bINTO\s+(OUTFILE|DUMPFILE)\b/i.exec(sql)?.[1];
  return file === undefined
    ? unparsable(message)
    : refusal(
        'read-only statements',
        `SELECT … INTO ${file.toUpperCase()} writes a file on the server.`,
        'SELECT the rows; in Python, write them to the workspace.',
      );
};

/** What runs must be what was judged, whatever the names in it are. */
export const refuseAltered = (altered: string | null): Refusal | undefined =>
  altered === null
    ? undefined
    : refusal(
        'syntax that is known',
        `${altered.slice(0, 100)} cannot be written out so that it means the same.`,
        'Use plain words for types, character sets and units, and plain names.',
      );

/**
 * Judges with sqlglot's grammar of MySQL, behind MySQL's own rules of what is a comment. What is executed is the tree
 * written out again, without comments. The session's sql_mode must hold none of ANSI_QUOTES, NO_BACKSLASH_ESCAPES,
 * PIPES_AS_CONCAT, HIGH_NOT_PRECEDENCE, IGNORE_SPACE and ORACLE: they change what a text means.
 */
export const createMysqlJudge = (rules: MysqlRules, parser: MysqlParser): Judge => {
  const { relations, database } = rules;
  const checkShow = (show: MysqlNode, sql: string): Refusal | undefined => {
    const what = textOf(show.parts['this']) ?? '';
    const db = mysqlNode(show.parts['db']);
    const schema = db === undefined ? undefined : nameOf(db);
    if (ofTable.has(what)) {
      const target = mysqlNode(show.parts['target']);
      const table = target?.kind === 'Table' ? mysqlNode(target.parts['this']) : target;
      const inSchema = target?.kind === 'Table' ? mysqlNode(target.parts['db']) : undefined;
      const name = table === undefined ? '' : nameOf(table);
      const of = inSchema === undefined ? schema : nameOf(inSchema);
      return relations.has(of, name) ? undefined : relations.refuse(of, name);
    }
    if (!ofDatabase.has(what)) return refuseKind(show, sql);
    return schema === undefined || schema === database
      ? undefined
      : refusal('relations', `SHOW ${what} may not name the database ${schema}.`, `Use SHOW ${what} alone.`);
  };

  const judge = (tree: MysqlNode, sql: string): Refusal | undefined => {
    if (queries.has(tree.kind)) return checkMysqlTree(tree, rules);
    if (tree.kind === 'Show') {
      const { this: _what, target: _target, db: _db, ...rest } = tree.parts;
      return checkShow(tree, sql) ?? checkMysqlTree({ kind: 'Tuple', parts: rest }, rules);
    }
    if (tree.kind !== 'Describe') return refuseKind(tree, sql);
    const described = mysqlNode(tree.parts['this']);
    if (tree.parts['style'] !== undefined) {
      return refusal(
        'EXPLAIN without execution',
        `EXPLAIN ${textOf(tree.parts['style']) ?? 'with this'} may not be used.`,
        'Run the SELECT itself; plain EXPLAIN shows how tables are read.',
      );
    }
    if (tree.parts['column'] !== undefined && described?.kind !== 'Table') return refuseKind(tree, sql);
    if (described === undefined || !(queries.has(described.kind) || described.kind === 'Table')) {
      return refuseKind(described ?? tree, sql);
    }
    return checkMysqlTree(described, rules);
  };

  return async (sql) => {
    const stripped = stripMysqlComments(sql);
    if (typeof stripped !== 'string') return stripped;
    const parsed = await parser.parse(stripped);
    if ('failed' in parsed) return explainFailure(stripped, parsed);
    const [statement] = parsed.statements;
    const tree = mysqlNode(statement?.tree);
    if (parsed.statements.length !== 1 || statement === undefined || tree === undefined)
      return refusal('one statement', 'there is no statement here.', 'Send one SELECT.');
    const sent = mysqlNode(statement.sent);
    const refused = judge(tree, stripped) ?? (sent && judge(sent, stripped));
    if (refused) return refused;
    // It would be left out without a word, and what is answered be the answer to another question.
    if (parsed.lost !== null)
      return refusal(
        'syntax that is known',
        `${parsed.lost} is not understood where it stands.`,
        'Write it in a simpler way.',
      );
    const altered = refuseAltered(parsed.altered);
    if (altered) return altered;
    // What was written out holds no comment; were there one, the parser and the server could read two texts.
    if (stripMysqlComments(statement.sql) !== statement.sql) {
      return refusal(
        'parsing',
        'the statement cannot be written out without comment signs.',
        'Write it in a simpler way.',
      );
    }
    return { allowed: true, sql: statement.sql };
  };
};
