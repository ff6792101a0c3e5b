import { lookUp } from '../../../../../src/contracts/look-up.ts';
import type { RelationScope } from '../../../policy/relation-scope.ts';
import { refusal, type Refusal } from '../../../policy/verdict.ts';
import {
  checkAttribute,
  checkColumn,
  checkFunction,
  checkOperator,
  checkType,
  type NameVerdict,
} from './check-postgres-names.ts';
import { columnSources, type ColumnSource } from './column-sources.ts';
import type { MissingSchema } from './name-schemas.ts';
import type { NameLookup } from './own-names.ts';
import { postgresNodeNames } from './postgres-nodes.ts';
import { isSystemRelation, mayReadSystemRelation } from './postgres-relations.ts';
import { shownSettings } from './shown-settings.ts';
import { catalogName, isFields, listOf, pathOf, textOf, type Fields, type NamePath } from './postgres-tree.ts';

/** What a tree is checked against. */
export type PostgresRules = {
  readonly relations: RelationScope;
  /** Where a table without a schema lies. */
  readonly defaultSchema: string;
  readonly own: NameLookup;
  /** Whether a table of the run has a column; undefined where it is no table of the run. */
  readonly hasColumn: (schema: string | undefined, table: string, column: string) => boolean | undefined;
};

/** What the names in front of dots stand for, found when it is first asked for: few statements need it. */
type Sources = () => ReadonlyMap<string, readonly ColumnSource[]>;

/** Names that WITH has given to queries, from the innermost outwards. */
type Scope = { readonly names: ReadonlySet<string>; readonly outer: Scope } | undefined;

const isKnown = (scope: Scope, name: string): boolean => {
  for (let at = scope; at !== undefined; at = at.outer) if (at.names.has(name)) return true;
  return false;
};

const kinds: Readonly<Record<string, string>> = {
  InsertStmt: 'an INSERT',
  UpdateStmt: 'an UPDATE',
  DeleteStmt: 'a DELETE',
  MergeStmt: 'a MERGE',
  ParamRef: 'a parameter like $1',
  SetToDefault: 'DEFAULT',
};

const refuseNode = (kind: string): Refusal =>
  kind.endsWith('Stmt')
    ? refusal(
        'read-only statements',
        `${lookUp(kinds, kind) ?? kind} may not stand inside a query.`,
        'The database is read-only: SELECT what you would change.',
      )
    : refusal('syntax that is known', `${lookUp(kinds, kind) ?? kind} may not be used.`, 'Write it with plain SELECT.');

const checkRelation = (table: Fields, scope: Scope, { relations, defaultSchema }: PostgresRules): NameVerdict => {
  const name = textOf(table['relname']) ?? '';
  const schema = textOf(table['schemaname']);
  if (table['catalogname'] !== undefined) {
    return refusal('relations', 'a table may not be addressed in another database.', 'Write schema.table.');
  }
  if (schema === undefined && isKnown(scope, name)) return undefined;
  if (mayReadSystemRelation(schema, name)) return schema === undefined ? { schema: 'pg_catalog' } : undefined;
  if (relations.has(schema, name)) return schema === undefined ? { schema: defaultSchema } : undefined;
  if (!isSystemRelation(schema, name)) return relations.refuse(schema, name);
  return refusal(
    'relations',
    `${schema === undefined ? name : `${schema}.${name}`} is not one of the catalogs that may be read.`,
    'Use information_schema.columns, pg_class, pg_attribute, pg_constraint, pg_index or pg_stats.',
  );
};

const checkValueFunction = (op: unknown): Refusal | undefined =>
  /^SVFOP_(CURRENT_DATE|CURRENT_TIME|CURRENT_TIMESTAMP|LOCALTIME|LOCALTIMESTAMP|CURRENT_CATALOG|CURRENT_SCHEMA)(_N)?$/.test(
    String(op),
  )
    ? undefined
    : refusal(
        'functions',
        `${String(op).replace('SVFOP_', '')} tells who is connected.`,
        'Leave it out: it is not part of the data.',
      );

const checkSample = (method: NamePath): Refusal | undefined =>
  ['bernoulli', 'system'].includes(catalogName(method) ?? '')
    ? undefined
    : refusal(
        'functions',
        `the sampling method ${method.join('.')} is not built in.`,
        'Use TABLESAMPLE SYSTEM (percent).',
      );

/** Whether it is `current_setting('…')` of a setting that SHOW shows too. */
const asksForShownSetting = (call: Fields): boolean => {
  const path = pathOf(call['funcname']);
  const [setting] = listOf(call['args']);
  const constant = isFields(setting) && isFields(setting['A_Const']) ? setting['A_Const']['sval'] : undefined;
  const name = isFields(constant) ? textOf(constant['sval']) : undefined;
  return path.length === 1 && path[0] === 'current_setting' && shownSettings.has(name?.toLowerCase() ?? '');
};

/** What must hold of one node beyond that its kind is known. */
const checkNode = (kind: string, fields: Fields, scope: Scope, rules: PostgresRules, sources: Sources): NameVerdict => {
  const { own } = rules;
  switch (kind) {
    case 'RangeVar':
      return checkRelation(fields, scope, rules);
    case 'FuncCall':
      if (asksForShownSetting(fields)) return { schema: 'pg_catalog' };
      return checkFunction(pathOf(fields['funcname']), own);
    case 'A_Expr':
      // BETWEEN is no operator of the catalog: it stands for two of them.
      return String(fields['kind']).includes('BETWEEN') ? undefined : checkOperator(pathOf(fields['name']), own);
    case 'A_Indirection':
      return checkAttribute(pathOf(fields['indirection']), own);
    case 'ColumnRef':
      return checkColumn(pathOf(fields['fields']), own, sources, rules.hasColumn);
    case 'SubLink':
      return fields['operName'] === undefined ? undefined : checkOperator(pathOf(fields['operName']), own);
    case 'SortBy':
      return fields['useOp'] === undefined ? undefined : checkOperator(pathOf(fields['useOp']), own);
    case 'TypeName':
      return checkType(pathOf(fields['names']), own);
    case 'SQLValueFunction':
      return checkValueFunction(fields['op']);
    case 'RangeTableSample':
      return checkSample(pathOf(fields['method']));
    default:
      return undefined;
  }
};

/** The name that a schema is missing before: of a relation, a function or a type. */
const nameIn = (fields: Fields): string =>
  textOf(fields['relname']) ?? pathOf(fields['funcname'] ?? fields['names']).at(-1) ?? '';

const refuseInto = refusal(
  'read-only statements',
  'SELECT … INTO makes a table.',
  'Use WITH … AS (…) or a subquery for what you would keep.',
);
const refuseLock = refusal(
  'no locks',
  'FOR UPDATE and FOR SHARE lock rows, which blocks those who write.',
  'Leave the clause out.',
);

/** What must hold of a field whatever it is part of. Fields hold the nodes of these two kinds without naming the kind. */
const checkField = (field: string, value: unknown, { own }: PostgresRules): NameVerdict => {
  if (field === 'intoClause') return refuseInto;
  if (field === 'lockingClause') return refuseLock;
  return field === 'typeName' && isFields(value) && !('TypeName' in value)
    ? checkType(pathOf(value['names']), own)
    : undefined;
};

/**
 * Checks every node of a parsed query: kinds, relations, functions, operators and types are each on their list. It
 * walks with a stack of its own, because a statement may nest deeper than calls can. Answers with the names that a schema
 * has to be written before.
 */
export const checkPostgresTree = (tree: unknown, rules: PostgresRules): Refusal | readonly MissingSchema[] => {
  const missing: MissingSchema[] = [];
  let found: ReturnType<Sources> | undefined;
  const sources: Sources = () => (found ??= columnSources(tree));
  const left: { readonly value: unknown; readonly scope: Scope }[] = [{ value: tree, scope: undefined }];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { value } = next;
    if (Array.isArray(value)) {
      for (const item of value) left.push({ value: item, scope: next.scope });
      continue;
    }
    if (!isFields(value)) continue;
    let { scope } = next;
    const clause = value['withClause'];
    if (isFields(clause)) {
      const queries = listOf(clause['ctes']);
      const nameOf = (query: unknown): string =>
        isFields(query) && isFields(query['CommonTableExpr']) ? String(query['CommonTableExpr']['ctename']) : '';
      const all: Scope = { names: new Set(queries.map(nameOf)), outer: scope };
      // Each query sees those before it; with RECURSIVE, all of them and itself.
      let seen = scope;
      for (const query of queries) {
        left.push({ value: query, scope: clause['recursive'] === true ? all : seen });
        seen = { names: new Set([nameOf(query)]), outer: seen };
      }
      scope = all;
    }
    for (const [field, child] of Object.entries(value)) {
      if (field === 'withClause') continue;
      const isNode = /^[A-Z]/.test(field);
      if (isNode && !postgresNodeNames.has(field)) return refuseNode(field);
      const checked = isNode
        ? isFields(child) && checkNode(field, child, scope, rules, sources)
        : checkField(field, child, rules);
      if (checked && 'rule' in checked) return checked;
      // A name at the very beginning would have no location; no query begins with one.
      if (checked && isFields(child)) {
        missing.push({ schema: checked.schema, name: nameIn(child), at: Number(child['location'] ?? 0) });
      }
      left.push({ value: child, scope });
    }
  }
  return missing;
};
