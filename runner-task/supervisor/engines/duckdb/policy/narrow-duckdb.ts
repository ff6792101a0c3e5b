import { quoteName } from '../../../../../src/domain/sql-name.ts';
import type { RelationScope } from '../../../policy/relation-scope.ts';
import { spliceText, type Splice } from '../../../policy/splice-text.ts';
import { refusal, type Refusal } from '../../../policy/verdict.ts';
import { allShownTables, runCatalog, runCatalogNames, shownTables } from './make-run-catalogs.ts';
import { mayReadDuckdbSystemRelation, shownByDuckdb } from './duckdb-relations.ts';
import { foldAscii } from '../../fold-ascii.ts';

/** A run of some tables: its tables, and those that a plan would name more of. */
export type DuckdbBoundary = { readonly relations: RelationScope; readonly views: RelationScope };

type Fields = { readonly [field: string]: unknown };
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const refuse = (what: string, instead: string): Refusal => refusal('relations', what, instead);

const objectsOf = (tree: unknown): readonly Fields[] => {
  const found: Fields[] = [];
  const left: unknown[] = [tree];
  while (left.length > 0) {
    const value = left.pop();
    if (Array.isArray(value)) left.push(...value);
    else if (isFields(value)) {
      found.push(value);
      if (value['class'] !== 'CONSTANT') left.push(...Object.values(value));
    }
  }
  return found;
};

/** The names that WITH gives, anywhere in a statement, in lower case. */
const queryNames = (objects: readonly Fields[]): ReadonlySet<string> =>
  new Set(
    objects.flatMap((fields) => {
      const clause = isFields(fields['cte_map']) ? fields['cte_map']['map'] : undefined;
      const keys = Array.isArray(clause) ? clause.map((query) => (isFields(query) ? textOf(query['key']) : '')) : [];
      return [...keys, textOf(fields['cte_name'])].map(foldAscii);
    }),
  );

const name = String.raw`(?:"(?:[^"]|"")*"|[A-Za-z_\u0080-\uFFFF][\w$\u0080-\uFFFF]*)`;
const writtenName = new RegExp(String.raw`^${name}(?:\s*\.\s*${name}){0,2}`);
const writtenCall = new RegExp(String.raw`^${name}(?:\s*\.\s*${name}){0,2}\s*\(\s*\)`);
/** Words before a name that no alias may follow. */
const takesNoAlias = /\b(?:TABLE|DESCRIBE|DESC|SUMMARIZE|SHOW)\s+$/i;

/** Functions that tell of a relation by its number. */
const byNumber = /^(?:pg_get_viewdef|pg_get_constraintdef|col_description|obj_description)$/i;

const keyOf = (schema: string, table: string): string => {
  const [inSchema, inTable] = [foldAscii(schema), foldAscii(table)];
  if (inSchema !== '' && inSchema !== 'main') return `${inSchema}.${inTable}`;
  return inTable.startsWith('pg_') && inSchema === '' ? `pg_catalog.${inTable}` : inTable;
};

/**
 * Narrows a query that was judged to a run of some tables, given its serialized tree: each catalog in it becomes the copy of the
 * run’s part. `isExplained` says that its plan is asked for, which would name what views read.
 */
export const narrowDuckdb = (
  sql: string,
  tree: unknown,
  { relations, views }: DuckdbBoundary,
  isExplained: boolean,
): Refusal | string => {
  const objects = objectsOf(tree);
  const queries = queryNames(objects);
  const bytes = Buffer.from(sql);
  const splices: Splice[] = [];

  /** Puts the copy where the catalog stands. */
  const splice = (fields: Fields, key: string, pattern: RegExp, shown: string): Refusal | undefined => {
    if (!runCatalogNames.has(key))
      return refuse(
        `${key} does not tell apart what is of this run.`,
        'Use duckdb_tables(), duckdb_columns(), duckdb_constraints() or information_schema.columns.',
      );
    const from = Number(fields['query_location']);
    const [written] = pattern.exec(from < bytes.length ? bytes.subarray(from).toString() : '') ?? [];
    if (written === undefined || !foldAscii(written).includes(foldAscii(shown)))
      return refuse(`${key} may be written by its name alone.`, `Write FROM ${key}.`);
    const hasAlias = textOf(fields['alias']) !== '' || takesNoAlias.test(bytes.subarray(0, from).toString());
    const text = `${runCatalog(key)}${hasAlias ? '' : ` AS ${quoteName(shown)}`}`;
    splices.push({ from, to: from + Buffer.byteLength(written), text });
    return undefined;
  };

  const checkTable = (fields: Fields): Refusal | undefined => {
    const [schema, table] = [textOf(fields['schema_name']), textOf(fields['table_name'])];
    if (relations.has(schema === '' ? undefined : schema, table)) {
      return isExplained && views.has(schema === '' ? undefined : schema, table)
        ? refuse(`a plan would name what ${table} reads, which may be outside this run.`, 'SELECT from it.')
        : undefined;
    }
    if (schema === '' && queries.has(foldAscii(table))) {
      // Which of the two is meant depends on the place.
      return mayReadDuckdbSystemRelation(schema, table)
        ? refuse(`${table} is a catalog and a query of WITH.`, 'Give the query another name.')
        : undefined;
    }
    return splice(fields, keyOf(schema, table), writtenName, table);
  };

  const checkCall = (fields: Fields): Refusal | undefined => {
    const call = isFields(fields['function']) ? fields['function'] : {};
    const called = foldAscii(textOf(call['function_name']));
    if (called.startsWith('duckdb_')) return splice(fields, called, writtenCall, called);
    if (!called.startsWith('pragma_')) return undefined;
    const [of] = Array.isArray(call['children']) ? call['children'] : [];
    const value = isFields(of) && isFields(of['value']) ? textOf(of['value']['value']) : '';
    return relations.has(undefined, value) ? undefined : relations.refuse(undefined, value);
  };

  for (const fields of objects) {
    let refused: Refusal | undefined;
    if (fields['type'] === 'BASE_TABLE') refused = checkTable(fields);
    else if (fields['type'] === 'TABLE_FUNCTION') refused = checkCall(fields);
    else if (fields['type'] === 'SHOW_REF' && shownByDuckdb.has(textOf(fields['table_name']))) {
      if (/^\s*SHOW\s+TABLES\s*;?\s*$/i.test(sql)) return shownTables;
      if (/^\s*(?:SHOW\s+ALL\s+TABLES|DESCRIBE|DESC)\s*;?\s*$/i.test(sql)) return allShownTables;
      refused = refuse('SHOW TABLES may not be part of another statement.', 'Use duckdb_tables().');
    } else if (byNumber.test(textOf(fields['function_name'])))
      refused = refuse(
        `${textOf(fields['function_name'])}() tells of whatever has a number.`,
        'Use duckdb_constraints(), or the comments in duckdb_tables() and duckdb_columns().',
      );
    if (refused) return refused;
  }
  return spliceText(sql, splices);
};
