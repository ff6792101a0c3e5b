import { refusal, type Refusal } from '../../../policy/verdict.ts';
import type { ColumnSource } from './column-sources.ts';
import type { NameLookup } from './own-names.ts';
import { postgresFunctionAdvice, postgresFunctionNames } from './postgres-functions.ts';
import { postgresOperatorNames } from './postgres-operators.ts';
import { catalogName, type NamePath } from './postgres-tree.ts';
import { postgresTypeNames } from './postgres-types.ts';

/** What is said of a name: that it may not be used, that a schema has to stand before it, or nothing. */
export type NameVerdict = Refusal | { readonly schema: string } | undefined;

const builtIn = 'pg_catalog';

/** A function must be a built-in one that is listed, or one of an extension that only computes. */
export const checkFunction = (path: NamePath, own: NameLookup): NameVerdict => {
  const name = catalogName(path);
  if (name !== undefined && postgresFunctionNames.has(name)) {
    return path.length === 1 && own.isHidden(name) ? { schema: builtIn } : undefined;
  }
  const last = path.at(-1) ?? '';
  if (path.length === 1) {
    const schema = own.schemaOfFunction(last);
    if (schema !== undefined) return { schema };
  }
  if (path.length === 2 && own.isComputing(path[0] ?? '', last)) return undefined;
  return refusal(
    'functions',
    `${path.join('.')}() is not one of the functions that may be called.`,
    postgresFunctionAdvice.find(([begin]) => begin.test(last))?.[1] ??
      'Use the built-in functions of PostgreSQL that only compute, or compute it in Python.',
  );
};

/**
 * `(x).name` is the column of a row, or else the call name(x). Of the built-in functions these begin like one that is
 * not allowed; no column of the catalogs does.
 */
const calledAsAttribute =
  /^(pg_|lo_|txid_|has_|inet_|binary_upgrade_|brin_|gin_|currtid|amvalidate$|current_setting$|current_user$|nextval$|currval$|lowrite$|loread$|setseed$|ts_debug$|ts_stat$|.*_validator$)/;

const refuseCall = (name: string): Refusal =>
  refusal(
    'functions',
    `.${name} may be a call of the function ${name}().`,
    `If it is a column, write ${name} without what is before the dot.`,
  );

/** What stands behind the dot of a value must be no call of a function that may not be called. */
export const checkAttribute = (path: NamePath, own: NameLookup): Refusal | undefined => {
  const name = path.find((part) => own.isCalledBehind('value', part) || calledAsAttribute.test(part));
  return name === undefined ? undefined : refuseCall(name);
};

/**
 * What stands behind the dot of a table must be its column, or no function that may not be called: a column comes first.
 * `sources` says what the names of the statement stand for; `hasColumn`, whether a table of the run has a column.
 */
export const checkColumn = (
  path: NamePath,
  own: NameLookup,
  sources: () => ReadonlyMap<string, readonly ColumnSource[]>,
  hasColumn: (schema: string | undefined, table: string, column: string) => boolean | undefined,
): Refusal | undefined => {
  const [name, ...more] = path
    .slice(1)
    .filter((part) => own.isCalledBehind('table', part) || calledAsAttribute.test(part));
  if (name === undefined) return undefined;
  const at = path.indexOf(name, 1);
  const isColumn = (source: ColumnSource): boolean => {
    switch (source.kind) {
      case 'relation':
        // Of a relation of the system no function takes the rows, but one that takes anything.
        return (
          hasColumn(source.schema, source.name, name) ??
          !(own.isCalledBehind('query', name) || calledAsAttribute.test(name))
        );
      case 'query':
        return source.columns.has(name) || !(own.isCalledBehind('query', name) || calledAsAttribute.test(name));
      case 'function':
        return false;
    }
  };
  const found: readonly ColumnSource[] =
    at === 2 ? [{ kind: 'relation', schema: path[0], name: path[1] ?? '' }] : (sources().get(path[0] ?? '') ?? []);
  return more.length === 0 && at === path.length - 1 && found.length > 0 && found.every(isColumn)
    ? undefined
    : refuseCall(name);
};

/** An operator must be a built-in one, or one of an extension that only computes. */
export const checkOperator = (path: NamePath, own: NameLookup): Refusal | undefined => {
  const name = catalogName(path);
  if (name !== undefined && postgresOperatorNames.has(name)) return undefined;
  const schema = path.length === 1 ? undefined : path[0];
  if (path.length <= 2 && own.isComputingOperator(schema, path.at(-1) ?? '')) return undefined;
  return refusal(
    'operators',
    `the operator ${path.join('.')} is not a built-in one.`,
    'Use the operators of PostgreSQL.',
  );
};

/** A type that is cast to must be a built-in one, or one of an extension whose values are read by computing alone. */
export const checkType = (path: NamePath, own: NameLookup): NameVerdict => {
  const name = catalogName(path);
  if (name !== undefined && postgresTypeNames.has(name)) return undefined;
  const last = path.at(-1) ?? '';
  const schema = path.length === 1 ? own.schemaOfType(last) : undefined;
  if (schema !== undefined) return { schema };
  if (path.length === 2 && own.isType(path[0] ?? '', last)) return undefined;
  return refusal(
    'types',
    `${path.join('.') || 'this type'} is not a built-in type that may be cast to.`,
    'Cast to text and compare with a text, or leave the cast out.',
  );
};
