import { postgresOperatorNames } from './postgres-operators.ts';

/** A name of a schema of the database's own. Where several things have it, it says what holds of them together. */
export type OwnName = {
  readonly schema: string;
  readonly name: string;
};

/** An operator or function that is not the system's. */
export type OwnFunction = OwnName & {
  /** All of this name are of an extension, and only compute. */
  readonly computes: boolean;
  /** One of them takes values of built-in types alone, and could be meant by a call of the built-in one. */
  readonly captures: boolean;
  /** One of them can be called with one value, so as `(value).name` too. */
  readonly of_one?: boolean;
  /** With a row of a table, so as `table.name` too, as if it were a column. */
  readonly of_rows?: boolean;
  /** With whatever there is, rows of queries too. */
  readonly of_anything?: boolean;
};

/** What a database has beside the system's own functions, operators and types, and where names are looked for. */
export type OwnNames = {
  readonly path: readonly string[];
  readonly functions: readonly OwnFunction[];
  readonly operators: readonly OwnFunction[];
  readonly types: readonly OwnName[];
};

/** Nothing is there but what PostgreSQL brings. */
export const noOwnNames: OwnNames = { path: ['public'], functions: [], operators: [], types: [] };

/**
 * Where names without a schema are looked for, after pg_catalog: the role's own search path, without a schema that has an
 * operator with the name of a built-in one for values of built-in types. `a = b` would be its call there.
 */
export const safeSearchPath = ({ path, operators }: Pick<OwnNames, 'path' | 'operators'>): readonly string[] =>
  path.filter(
    (schema) =>
      !operators.some(
        (one) => one.schema === schema && one.captures && !one.computes && postgresOperatorNames.has(one.name),
      ),
  );

/** What the names of a statement may mean in a database. */
export type NameLookup = {
  /** Whether a built-in function must be called with its schema, lest one of the database's own is. */
  isHidden(builtIn: string): boolean;
  /** The schema of functions with this name that only compute. */
  schemaOfFunction(name: string): string | undefined;
  /** Whether all functions of this name in this schema only compute. */
  isComputing(schema: string, name: string): boolean;
  /** Whether `.name` may call a function of the database's own behind a value, a row of a table, or one of a query. */
  isCalledBehind(behind: 'value' | 'table' | 'query', name: string): boolean;
  /** Whether the operator only computes: where it is named without a schema, all that it could mean. */
  isComputingOperator(schema: string | undefined, name: string): boolean;
  /** The schema of a type of an extension that texts may be cast to. */
  schemaOfType(name: string): string | undefined;
  isType(schema: string, name: string): boolean;
};

/** Makes the look-up. `own.path` is where the session that runs statements looks. */
export const createNameLookup = (own: OwnNames): NameLookup => {
  const isOnPath = ({ schema }: OwnName): boolean => own.path.includes(schema);
  const byName = Map.groupBy(own.functions, ({ name }) => name);
  const operatorsByName = Map.groupBy(own.operators, ({ name }) => name);
  const typesByName = Map.groupBy(own.types, ({ name }) => name);
  const place = ({ schema }: OwnName): number => (own.path.includes(schema) ? own.path.indexOf(schema) : Infinity);
  const nearestOf = (found: readonly OwnName[] | undefined): string | undefined =>
    found?.toSorted((a, b) => place(a) - place(b))[0]?.schema;
  return {
    isHidden: (builtIn) => (byName.get(builtIn) ?? []).some((one) => isOnPath(one) && (one.captures || !one.computes)),
    schemaOfFunction: (name) => nearestOf(byName.get(name)?.filter(({ computes }) => computes)),
    isComputing: (schema, name) => (byName.get(name) ?? []).some((one) => one.schema === schema && one.computes),
    isCalledBehind: (behind, name) =>
      (byName.get(name) ?? []).some((one) => {
        if (!isOnPath(one) || one.computes) return false;
        if (behind === 'value') return one.of_one;
        return one.of_anything === true || (behind === 'table' && one.of_rows);
      }),
    isComputingOperator: (schema, name) => {
      const meant = (operatorsByName.get(name) ?? []).filter((one) =>
        schema === undefined ? isOnPath(one) : one.schema === schema,
      );
      return meant.length > 0 && meant.every(({ computes }) => computes);
    },
    schemaOfType: (name) => nearestOf(typesByName.get(name)),
    isType: (schema, name) => (typesByName.get(name) ?? []).some((one) => one.schema === schema),
  };
};
