import { lookUp } from '../../../../../src/contracts/look-up.ts';
import type { RelationScope } from '../../../policy/relation-scope.ts';
import { refusal, type Refusal } from '../../../policy/verdict.ts';
import { mysqlFunctionAdvice, mysqlFunctionNames } from './mysql-functions.ts';
import { mysqlNodeNames } from './mysql-nodes.ts';
import { isMysqlSystemSchema, mayReadMysqlSystemRelation } from './mysql-relations.ts';
import { mysqlNode, nameOf, type MysqlNode } from './mysql-tree.ts';

/**
 * Functions of the database's own that have a listed name, in lower case: whether a call means one always, for the server has none of
 * the name, or where its name is in quotes.
 */
export type OwnFunctions = ReadonlyMap<string, 'quoted' | 'always'>;

/** What a tree is checked against. */
export type MysqlRules = {
  readonly relations: RelationScope;
  /** The database of the run. */
  readonly database: string;
  readonly ownFunctions: OwnFunctions;
};

/**
 * Names that are known to be those of queries. In a WITH each query sees those before it, with RECURSIVE itself too. Its own name
 * and later ones are not counted on, whatever is outside: to MySQL a later one is a table's, and to MariaDB the name of a query
 * within itself, where an outer WITH has one of that name too. What is not counted on has to be a table of the run.
 */
type Scope = ReadonlySet<string>;

const without = (scope: Scope, names: readonly string[]): Scope => {
  const left = new Set(scope);
  for (const name of scope) if (names.some((one) => one.toLowerCase() === name.toLowerCase())) left.delete(name);
  return left;
};

const refusedNodes: Readonly<Record<string, Refusal>> = {
  Into: refusal(
    'read-only statements',
    'SELECT … INTO writes.',
    'SELECT the rows; in Python, write them to the workspace.',
  ),
  Lock: refusal(
    'no locks',
    'FOR UPDATE, FOR SHARE and LOCK IN SHARE MODE lock rows, which blocks those who write.',
    'Leave the clause out.',
  ),
  Parameter: refusal(
    'no variables',
    'user variables (@name) may not be used.',
    'Use WITH … AS (…) or a window function.',
  ),
  SessionParameter: refusal(
    'no variables',
    'system variables (@@name) may not be read.',
    'The settings are fixed; times are in UTC.',
  ),
  PropertyEQ: refusal(
    'no variables',
    'a variable may not be assigned (:=).',
    'Use WITH … AS (…) or a window function.',
  ),
  Dot: refusal(
    'functions',
    'functions of a schema may not be called.',
    'Use the built-in functions of MySQL that only compute.',
  ),
  CurrentUser: refusal(
    'functions',
    'CURRENT_USER tells who is connected.',
    'It is not part of the data: leave it out.',
  ),
  Version: refusal(
    'the present',
    'FOR SYSTEM_TIME reads what a table held before.',
    'Read the table as it is now: leave the clause out.',
  ),
  Placeholder: refusal('no parameters', 'a question mark stands for a value that is not there.', 'Write the value.'),
};

/** Types that MariaDB has beside those of MySQL. */
const mariadbTypes: ReadonlySet<string> = new Set(['INET4', 'INET6', 'UUID']);

const refuseNode = (kind: string): Refusal =>
  lookUp(refusedNodes, kind) ??
  refusal(
    'syntax that is known',
    `a part of the statement (${kind.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase()}) is not of the syntax that is known to do nothing but read.`,
    'Write it with plain SELECT.',
  );

const checkFunction = (call: MysqlNode, own: OwnFunctions): Refusal | undefined => {
  const name = nameOf(call);
  const isQuoted = mysqlNode(call.parts['this']) !== undefined;
  const means = own.get(name.toLowerCase());
  if (means === 'always' || (means === 'quoted' && isQuoted))
    return refusal(
      'functions',
      `${name}() is a function of this database’s own here.`,
      means === 'always'
        ? 'The server has none of the name: use one that it has, or compute it in Python.'
        : `Write ${name}(…) without quotes: then it is the server’s.`,
    );
  if (mysqlFunctionNames.has(name.toLowerCase())) return undefined;
  return refusal(
    'functions',
    `${name}() is not one of the functions that may be called.`,
    mysqlFunctionAdvice.find(([begin]) => begin.test(name.toLowerCase()))?.[1] ??
      'Use the built-in functions of MySQL that only compute, or compute it in Python.',
  );
};

const checkTable = (table: MysqlNode, scope: Scope, relations: RelationScope): Refusal | undefined => {
  const held = mysqlNode(table.parts['this']);
  // Not a name but JSON_TABLE(…), judged as the node it is.
  if (held !== undefined && held.kind !== 'Identifier') return undefined;
  const db = mysqlNode(table.parts['db']);
  const schema = db === undefined ? undefined : nameOf(db);
  const name = held === undefined ? '' : nameOf(held);
  if (table.parts['catalog'] !== undefined) {
    return refusal('relations', 'a table has at most two parts in its name.', 'Write database.table.');
  }
  if (schema === undefined && scope.has(name)) return undefined;
  if (schema === undefined || !isMysqlSystemSchema(schema)) {
    return relations.has(schema, name) ? undefined : relations.refuse(schema, name);
  }
  if (mayReadMysqlSystemRelation(schema, name)) return undefined;
  return refusal(
    'relations',
    `${schema}.${name} is not one of the catalogs that may be read.`,
    'Use information_schema.tables, columns, statistics, key_column_usage or table_constraints.',
  );
};

/** Parts that hold any text: they are written out in quotes, or are on a list. */
const freeTexts: ReadonlySet<string> = new Set([
  'Identifier.this',
  'Literal.this',
  'National.this',
  'Anonymous.this',
  'JSONPathKey.this',
]);
const words = /^\w+(?:[ -]\w+)*$/;
const shapes: Readonly<Record<string, RegExp>> = {
  Literal: /^[\d.]+(?:[eE][+-]?\d+)?$/,
  HexString: /^'?[\da-fA-F]*$/,
  BitString: /^[01]*$/,
};

/** Parts that are written out as they are (character sets, units, types, kinds of join) must be words, or digits. */
const checkShape = ({ kind, parts }: MysqlNode): Refusal | undefined => {
  const isNumber = kind === 'Literal' && parts['is_string'] !== true;
  for (const [part, value] of Object.entries(parts)) {
    if (typeof value !== 'string' || (freeTexts.has(`${kind}.${part}`) && !isNumber)) continue;
    if (!((part === 'this' ? lookUp(shapes, kind) : undefined) ?? words).test(value))
      return refusal(
        'syntax that is known',
        'a name that is no plain word may not stand for a type, a character set, a collation or a unit.',
        'Write the word itself, without quotes.',
      );
  }
  return undefined;
};

const checkNode = (node: MysqlNode, scope: Scope, { relations, ownFunctions }: MysqlRules): Refusal | undefined => {
  if (!mysqlNodeNames.has(node.kind)) return refuseNode(node.kind);
  const misshapen = checkShape(node);
  if (misshapen) return misshapen;
  switch (node.kind) {
    case 'Anonymous':
      return checkFunction(node, ownFunctions);
    case 'Table':
      return checkTable(node, scope, relations);
    case 'DataType':
      return node.parts['this'] === 'USERDEFINED' && !mariadbTypes.has(String(node.parts['kind']))
        ? refusal('types', 'only built-in types may be cast to.', 'Cast to CHAR, SIGNED, DECIMAL, DATE or DATETIME.')
        : undefined;
    default:
      return undefined;
  }
};

/** Checks every node of a parsed query: classes, relations and functions are each on their list. */
export const checkMysqlTree = (tree: MysqlNode, rules: MysqlRules): Refusal | undefined => {
  const left: { readonly value: unknown; readonly scope: Scope }[] = [
    { value: { class: tree.kind, parts: tree.parts }, scope: new Set() },
  ];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (Array.isArray(next.value)) {
      for (const item of next.value) left.push({ value: item, scope: next.scope });
      continue;
    }
    const node = mysqlNode(next.value);
    if (node === undefined) continue;
    let { scope } = next;
    const refused = checkNode(node, scope, rules);
    if (refused) return refused;
    const clause = mysqlNode(node.parts['with_']);
    if (clause !== undefined) {
      const queries: readonly unknown[] = Array.isArray(clause.parts['expressions']) ? clause.parts['expressions'] : [];
      const nameOfQuery = (query: unknown): string => {
        const alias = mysqlNode(mysqlNode(query)?.parts['alias']);
        return alias === undefined ? '' : nameOf(alias);
      };
      const isRecursive = clause.parts['recursive'] === true;
      for (const [at, query] of queries.entries()) {
        const later = queries.slice(isRecursive ? at + 1 : at).map(nameOfQuery);
        const own = isRecursive ? [nameOfQuery(query)] : [];
        left.push({ value: query, scope: without(new Set([...scope, ...own]), later) });
        scope = new Set([...scope, nameOfQuery(query)]);
      }
    }
    for (const [part, child] of Object.entries(node.parts)) {
      if (part !== 'with_') left.push({ value: child, scope });
    }
  }
  return undefined;
};
