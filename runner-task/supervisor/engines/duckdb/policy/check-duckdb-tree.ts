import type { RelationScope } from '../../../policy/relation-scope.ts';
import { refusal, type Refusal } from '../../../policy/verdict.ts';
import { duckdbFunctionAdvice, duckdbFunctionNames, duckdbTableFunctionNames } from './duckdb-functions.ts';
import { duckdbNodeNames } from './duckdb-nodes.ts';
import { mayReadDuckdbSystemRelation, shownByDuckdb } from './duckdb-relations.ts';
import { foldAscii } from '../../fold-ascii.ts';

/** What a tree is checked against. */
export type DuckdbRules = {
  readonly relations: RelationScope;
  /** The database of the run: the first part of a name of three. */
  readonly catalog: string | undefined;
  /** A database whose macros have names of built-in functions: none of its functions may be called. */
  readonly macrosIn?: string | undefined;
};

type Fields = { readonly [field: string]: unknown };
/** Names that WITH has given to queries, from the innermost outwards; in lower case, as DuckDB ignores it. */
type Scope = { readonly names: ReadonlySet<string>; readonly outer: Scope } | undefined;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const isKnown = (scope: Scope, name: string): boolean => {
  for (let at = scope; at !== undefined; at = at.outer) if (at.names.has(foldAscii(name))) return true;
  return false;
};

const named = (name: string, outer: Scope): Scope => ({ names: new Set([foldAscii(name)]), outer });

const refuseFunction = (name: string, kind: string): Refusal =>
  refusal(
    'functions',
    `${name}() is not one of the ${kind} that may be called.`,
    duckdbFunctionAdvice.find(([begin]) => begin.test(foldAscii(name)))?.[1] ??
      'Use the built-in functions of DuckDB that only compute, or compute it in Python.',
  );

const checkFunction = (call: Fields, isTable: boolean, { macrosIn }: DuckdbRules): Refusal | undefined => {
  const name = textOf(call['function_name']);
  const known = isTable ? duckdbTableFunctionNames : duckdbFunctionNames;
  // What is before the dot may be a database, a schema, or a column: `amount.round(2)`.
  const before = [call['catalog'], call['schema']].map((part) => foldAscii(textOf(part)));
  if (macrosIn !== undefined && before.includes(foldAscii(macrosIn))) {
    return refusal('functions', `${macrosIn}.${name}() may be a macro of the database's own.`, `Write ${name}(…).`);
  }
  if (known.has(foldAscii(name))) return undefined;
  const written = [call['catalog'], call['schema'], name]
    .map(textOf)
    .filter((part) => part !== '')
    .join('.');
  return refuseFunction(written, isTable ? 'table functions' : 'functions');
};

/** A table that a function describes is named by a constant text, and is one of the run's. */
const checkDescribed = (call: Fields, { relations }: DuckdbRules): Refusal | undefined => {
  if (!foldAscii(textOf(call['function_name'])).startsWith('pragma_')) return undefined;
  const [of] = Array.isArray(call['children']) ? call['children'] : [];
  const named = isFields(of) && isFields(of['value']) ? textOf(of['value']['value']) : '';
  return relations.has(undefined, named) ? undefined : relations.refuse(undefined, named);
};

const checkRelation = (table: Fields, scope: Scope, { relations, catalog }: DuckdbRules): Refusal | undefined => {
  const name = textOf(table['table_name']);
  const schema = textOf(table['schema_name']);
  const inCatalog = textOf(table['catalog_name']);
  if (inCatalog !== '' && (catalog === undefined || foldAscii(inCatalog) !== foldAscii(catalog))) {
    return refusal('relations', `${inCatalog} is not the database of this run.`, 'Write schema.table.');
  }
  if (schema === '' && isKnown(scope, name)) return undefined;
  if (relations.has(schema === '' ? undefined : schema, name)) return undefined;
  if (inCatalog === '' && mayReadDuckdbSystemRelation(schema, name)) return undefined;
  return relations.refuse(schema === '' ? undefined : schema, name);
};

const checkShown = (shown: Fields, scope: Scope, rules: DuckdbRules): Refusal | undefined => {
  const name = textOf(shown['table_name']);
  if (name === '' || shownByDuckdb.has(name)) return undefined;
  const unquoted = /^"(.*)"$/s.exec(name)?.[1]?.replaceAll('""', '"') ?? name;
  return checkRelation({ ...shown, table_name: unquoted }, scope, rules);
};

/** What a node is called: expressions by their class, all else by its type. Objects that are no nodes have neither. */
const kindOf = (fields: Fields): string | undefined => {
  if (typeof fields['class'] === 'string') return fields['class'];
  return typeof fields['type'] === 'string' ? fields['type'] : undefined;
};

const checkNode = (fields: Fields, scope: Scope, rules: DuckdbRules): Refusal | undefined => {
  const kind = kindOf(fields);
  if (kind !== undefined && !duckdbNodeNames.has(kind)) {
    if (kind === 'PARAMETER')
      return refusal('no parameters', '? and $1 stand for values that are not there.', 'Write the value.');
    return refusal('syntax that is known', `${kind} may not be used.`, 'Write it with plain SELECT.');
  }
  if (kind === 'BASE_TABLE') return checkRelation(fields, scope, rules);
  if (kind === 'SHOW_REF') return checkShown(fields, scope, rules);
  if (kind === 'TABLE_FUNCTION') {
    const call = fields['function'];
    if (!isFields(call)) return refuseFunction('(unnamed)', 'table functions');
    return checkFunction(call, true, rules) ?? checkDescribed(call, rules);
  }
  return 'function_name' in fields ? checkFunction(fields, false, rules) : undefined;
};

/** Names and values of a constant: what it holds is data, not a tree. */
const isConstant = (fields: Fields): boolean => fields['class'] === 'CONSTANT';

/** Checks every node of a serialized query: kinds, relations and functions are each on their list. */
export const checkDuckdbTree = (tree: unknown, rules: DuckdbRules): Refusal | undefined => {
  const left: { readonly value: unknown; readonly scope: Scope }[] = [{ value: tree, scope: undefined }];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { value } = next;
    if (Array.isArray(value)) {
      for (const item of value) left.push({ value: item, scope: next.scope });
      continue;
    }
    if (!isFields(value)) continue;
    let { scope } = next;
    const refused = checkNode(value, scope, rules);
    if (refused) return refused;
    if (isConstant(value)) continue;
    const clause = isFields(value['cte_map']) ? value['cte_map']['map'] : undefined;
    for (const query of Array.isArray(clause) ? clause : []) {
      if (!isFields(query)) continue;
      // Each query sees those before it.
      left.push({ value: query['value'], scope });
      scope = named(textOf(query['key']), scope);
    }
    // A recursive query is known in its second part alone: in its first, the name is that of what is outside.
    const inner = value['type'] === 'RECURSIVE_CTE_NODE' ? named(textOf(value['cte_name']), scope) : scope;
    for (const [field, child] of Object.entries(value)) {
      if (field === 'cte_map') continue;
      // The call of a table function is judged with its table; its arguments are judged like all else.
      if (value['type'] === 'TABLE_FUNCTION' && field === 'function' && isFields(child)) {
        for (const part of Object.values(child)) left.push({ value: part, scope });
      } else left.push({ value: child, scope: field === 'right' ? inner : scope });
    }
  }
  return undefined;
};
