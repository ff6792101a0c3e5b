import type { RelationScope } from '../../../policy/relation-scope.ts';
import { refusal, type Refusal } from '../../../policy/verdict.ts';
import { postgresFunctionAdvice, postgresFunctionNames } from './postgres-functions.ts';
import { postgresNodeNames } from './postgres-nodes.ts';
import { postgresOperatorNames } from './postgres-operators.ts';
import { isSystemRelation, mayReadSystemRelation } from './postgres-relations.ts';
import { postgresTypeNames } from './postgres-types.ts';

type Fields = { readonly [field: string]: unknown };
type Path = readonly string[];
/** Names that WITH has given to queries, from the innermost outwards. */
type Scope = { readonly names: ReadonlySet<string>; readonly outer: Scope } | undefined;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** The names in a list of `{ String: { sval } }`; other nodes (a star, an index) are left out. */
const pathOf = (value: unknown): Path =>
  listOf(value).flatMap((item) => {
    const name = isFields(item) && isFields(item['String']) ? textOf(item['String']['sval']) : undefined;
    return name === undefined ? [] : [name];
  });

/** The last part of a name of pg_catalog's; undefined where it is of another schema. */
const catalogName = (path: Path): string | undefined =>
  path.length === 1 || (path.length === 2 && path[0] === 'pg_catalog') ? path.at(-1) : undefined;

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
        `${kinds[kind] ?? kind} may not stand inside a query.`,
        'The database is read-only: SELECT what you would change.',
      )
    : refusal('syntax that is known', `${kinds[kind] ?? kind} may not be used.`, 'Write it with plain SELECT.');

const checkFunction = (path: Path, own: ReadonlySet<string>): Refusal | undefined => {
  const name = catalogName(path);
  const written = path.join('.');
  if (name === undefined || !postgresFunctionNames.has(name)) {
    const advice = postgresFunctionAdvice.find(([begin]) => begin.test(path.at(-1) ?? ''))?.[1];
    return refusal(
      'functions',
      `${written}() is not one of the functions that may be called.`,
      advice ?? 'Use the built-in functions of PostgreSQL that only compute, or compute it in Python.',
    );
  }
  if (path.length === 1 && own.has(name)) {
    return refusal(
      'functions',
      `this database has a function ${name}() of its own, which could be called instead of the built-in one.`,
      `Write pg_catalog.${name}(…).`,
    );
  }
  return undefined;
};

/**
 * `(x).name` is the column of a row, or else the call name(x). Of the built-in functions these begin like one that is
 * not allowed; no column of the catalogs does.
 */
const calledAsAttribute =
  /^(pg_|lo_|txid_|has_|inet_|binary_upgrade_|brin_|gin_|currtid|amvalidate$|current_setting$|current_user$|nextval$|currval$|lowrite$|loread$|setseed$|ts_debug$|ts_stat$|.*_validator$)/;

const checkAttribute = (path: Path, own: ReadonlySet<string>): Refusal | undefined => {
  const name = path.find((part) => own.has(part) || calledAsAttribute.test(part));
  if (name === undefined) return undefined;
  return refusal(
    'functions',
    `.${name} may be a call of the function ${name}().`,
    `If it is a column, write ${name} without what is before the dot.`,
  );
};

const checkOperator = (path: Path): Refusal | undefined => {
  const name = catalogName(path);
  if (name !== undefined && postgresOperatorNames.has(name)) return undefined;
  return refusal(
    'operators',
    `the operator ${path.join('.')} is not a built-in one.`,
    'Use the operators of PostgreSQL.',
  );
};

const checkType = (type: unknown): Refusal | undefined => {
  const path = pathOf(isFields(type) ? type['names'] : undefined);
  const name = catalogName(path);
  if (name !== undefined && postgresTypeNames.has(name)) return undefined;
  return refusal(
    'types',
    `${path.join('.') || 'this type'} is not a built-in type that may be cast to.`,
    'Cast to text and compare with a text, or leave the cast out.',
  );
};

const checkRelation = (table: Fields, scope: Scope, relations: RelationScope): Refusal | undefined => {
  const name = textOf(table['relname']) ?? '';
  const schema = textOf(table['schemaname']);
  if (table['catalogname'] !== undefined) {
    return refusal('relations', 'a table may not be addressed in another database.', 'Write schema.table.');
  }
  if (schema === undefined && isKnown(scope, name)) return undefined;
  if (!isSystemRelation(schema, name)) return relations.has(schema, name) ? undefined : relations.refuse(schema, name);
  if (mayReadSystemRelation(schema, name)) return undefined;
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

const checkSample = (method: Path): Refusal | undefined =>
  ['bernoulli', 'system'].includes(catalogName(method) ?? '')
    ? undefined
    : refusal(
        'functions',
        `the sampling method ${method.join('.')} is not built in.`,
        'Use TABLESAMPLE SYSTEM (percent).',
      );

/** What must hold of one node beyond that its kind is known. */
const checkNode = (
  kind: string,
  fields: Fields,
  scope: Scope,
  relations: RelationScope,
  own: ReadonlySet<string>,
): Refusal | undefined => {
  switch (kind) {
    case 'RangeVar':
      return checkRelation(fields, scope, relations);
    case 'FuncCall':
      return checkFunction(pathOf(fields['funcname']), own);
    case 'A_Expr':
      // BETWEEN is no operator of the catalog: it stands for two of them.
      return String(fields['kind']).includes('BETWEEN') ? undefined : checkOperator(pathOf(fields['name']));
    case 'A_Indirection':
      return checkAttribute(pathOf(fields['indirection']), own);
    case 'ColumnRef':
      return checkAttribute(pathOf(fields['fields']).slice(1), own);
    case 'SubLink':
      return fields['operName'] === undefined ? undefined : checkOperator(pathOf(fields['operName']));
    case 'SortBy':
      return fields['useOp'] === undefined ? undefined : checkOperator(pathOf(fields['useOp']));
    case 'TypeName':
      return checkType(fields);
    case 'SQLValueFunction':
      return checkValueFunction(fields['op']);
    case 'RangeTableSample':
      return checkSample(pathOf(fields['method']));
    default:
      return undefined;
  }
};

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
const checkField = (field: string, value: unknown): Refusal | undefined => {
  if (field === 'intoClause') return refuseInto;
  if (field === 'lockingClause') return refuseLock;
  return field === 'typeName' && isFields(value) && !('TypeName' in value) ? checkType(value) : undefined;
};

/**
 * Checks every node of a parsed query: kinds, relations, functions, operators and types are each on their list. It
 * walks with a stack of its own, because a statement may nest deeper than calls can.
 */
export const checkPostgresTree = (
  tree: unknown,
  relations: RelationScope,
  own: ReadonlySet<string>,
): Refusal | undefined => {
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
      if (/^[A-Z]/.test(field)) {
        if (!postgresNodeNames.has(field)) return refuseNode(field);
        const refused = isFields(child) ? checkNode(field, child, scope, relations, own) : undefined;
        if (refused) return refused;
      } else {
        const refused = checkField(field, child);
        if (refused) return refused;
      }
      left.push({ value: child, scope });
    }
  }
  return undefined;
};
