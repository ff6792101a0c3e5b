import { quoteName } from '../../../../../src/domain/sql-name.ts';
import type { RelationScope } from '../../../policy/relation-scope.ts';
import { spliceText, type Splice } from '../../../policy/splice-text.ts';
import { refusal, type Refusal, type Verdict } from '../../../policy/verdict.ts';
import { namesRow, typesBesideCasts } from './named-types.ts';
import { isSystemRelation, mayReadSystemRelation } from './postgres-relations.ts';
import { postgresTypeNames } from './postgres-types.ts';
import { relationArgumentOf } from './relation-arguments.ts';
import type { RunCatalogs } from './run-catalogs.ts';

/** A run of some tables: what its statements may tell, and of what. */
export type PostgresBoundary = {
  readonly relations: RelationScope;
  readonly catalogs: RunCatalogs;
  /** Whether a plan of this table of the run names what it reads: a view, a table with heirs. */
  readonly isOpaque: (schema: string | undefined, table: string) => boolean;
  readonly isView: (schema: string | undefined, table: string) => boolean;
  /** Whether it is a schema of the run's, or one of the system's. */
  readonly isSchema: (schema: string) => boolean;
};

type Fields = { readonly [field: string]: unknown };
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const nodeOf = (value: unknown, kind: string): Fields | undefined => {
  const node = isFields(value) ? value[kind] : undefined;
  return isFields(node) ? node : undefined;
};
const pathOf = (value: unknown): readonly string[] =>
  listOf(value).flatMap((item) => textOf(nodeOf(item, 'String')?.['sval']) ?? []);

/** Every node of a statement by its kind, with the node right above it. */
type Found = { readonly kind: string; readonly fields: Fields; readonly above: Found | undefined };

const nodesOf = (tree: unknown): readonly Found[] => {
  const found: Found[] = [];
  const left: { readonly value: unknown; readonly above: Found | undefined }[] = [{ value: tree, above: undefined }];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { value, above } = next;
    if (Array.isArray(value)) for (const item of value) left.push({ value: item, above });
    else if (isFields(value))
      for (const [field, child] of Object.entries(value)) {
        const node = /^[A-Z]/.test(field) && isFields(child) ? { kind: field, fields: child, above } : undefined;
        if (node) found.push(node);
        left.push({ value: child, above: node ?? above });
      }
  }
  return found;
};

const name = String.raw`(?:"(?:[^"]|"")*"|[A-Za-z_\u0080-\uFFFF][\w$\u0080-\uFFFF]*)`;
const writtenName = new RegExp(String.raw`^(${name})(?:\s*\.\s*(${name}))?`);
const plain = (part: string): string =>
  part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part.toLowerCase();

/** A text as the server reads the name of a relation in it; undefined where it is none. */
const namedIn = (text: string): readonly [schema: string | undefined, table: string] | undefined => {
  const [all, first, second] = writtenName.exec(text.trim()) ?? [];
  if (first === undefined || all !== text.trim()) return undefined;
  return second === undefined ? [undefined, plain(first)] : [plain(first), plain(second)];
};

const constantOf = (value: unknown): string | undefined =>
  textOf((nodeOf(value, 'A_Const')?.['sval'] as Fields)?.['sval']);

const refuse = (what: string, instead: string): Refusal => refusal('relations', what, instead);
const refuseCatalog = (written: string): Refusal =>
  refuse(
    `${written} does not tell apart what is of this run.`,
    'Use information_schema.columns, pg_class, pg_attribute, pg_constraint, pg_index or pg_stats: they show the tables of this run.',
  );

/**
 * Narrows a statement that was judged to a run of some tables. Each catalog in it becomes a query of the run’s part of that
 * catalog; a function or cast that tells of relations takes one by its name, or from a catalog. Plans name what views read, so
 * of those none is shown.
 */
export const narrowPostgres = (sql: string, statement: unknown, boundary: PostgresBoundary): Verdict => {
  const { relations, catalogs } = boundary;
  const nodes = nodesOf(statement);
  const queries = new Set(
    nodes.flatMap(({ kind, fields }) => (kind === 'CommonTableExpr' ? (textOf(fields['ctename']) ?? []) : [])),
  );
  const ranges = nodes.filter(({ kind }) => kind === 'RangeVar').map(({ fields }) => fields);
  const isCatalog = ({ schemaname, relname }: Fields): boolean => {
    const schema = textOf(schemaname);
    const table = textOf(relname) ?? '';
    // A table may be called pg_… too; without a schema the server looks among the catalogs first.
    const isOwn = relations.has(schema, table) && !(schema === undefined && catalogs.has(`pg_catalog.${table}`));
    return isSystemRelation(schema, table) && !isOwn;
  };
  const isView = ({ schemaname, relname }: Fields): boolean =>
    // Without its schema it is a query of WITH: a schema was written before all others.
    schemaname !== undefined && boundary.isView(textOf(schemaname), textOf(relname) ?? '');
  const aliasOf = (item: Fields): string | undefined => textOf((item['alias'] as Fields | undefined)?.['aliasname']);
  const hasColumnNames = (range: Fields): boolean =>
    isFields(range['alias']) && range['alias']['colnames'] !== undefined;
  const shownAs = (range: Fields): string => aliasOf(range) ?? textOf(range['relname']) ?? '';

  /** Names whose columns are those of catalogs, and of nothing else anywhere in the statement. */
  const ofCatalogs = new Set(ranges.filter(isCatalog).map(shownAs));
  const rangeKinds = new Set([
    'RangeSubselect',
    'RangeFunction',
    'RangeTableFunc',
    'JoinExpr',
    'JsonTable',
    'CommonTableExpr',
  ]);
  const others = nodes.filter(({ kind }) => rangeKinds.has(kind));
  for (const range of ranges.filter((one) => !isCatalog(one) || hasColumnNames(one))) ofCatalogs.delete(shownAs(range));
  for (const { fields } of others) {
    ofCatalogs.delete(aliasOf(fields) ?? '');
    const joined = fields['join_using_alias'];
    if (isFields(joined)) ofCatalogs.delete(textOf(joined['aliasname']) ?? '');
  }
  // What has no alias goes by a name that it makes itself, as a function by its own.
  if (
    others.some(
      ({ kind, fields }) => kind !== 'JoinExpr' && kind !== 'CommonTableExpr' && aliasOf(fields) === undefined,
    )
  )
    ofCatalogs.clear();
  const onlyCatalogs =
    ranges.every((one) => isCatalog(one) && !hasColumnNames(one)) && others.every(({ kind }) => kind === 'JoinExpr');
  const isOfCatalog = (value: unknown): boolean => {
    const column = nodeOf(value, 'ColumnRef');
    const path = pathOf(column?.['fields']);
    // Numbers of relations, types and the like; other numbers would be whichever one likes.
    if (
      !/(oid|relid|typid|namespace|typelem|typbasetype|reltype|bin|indexprs|indpred|relpartbound)$/.test(
        path.at(-1) ?? '',
      )
    )
      return false;
    return path.length === 2 ? ofCatalogs.has(path[0] ?? '') : path.length === 1 && onlyCatalogs;
  };
  const isKnownRelation = (text: string): boolean => {
    const [schema, table] = namedIn(text) ?? [undefined, ''];
    return isSystemRelation(schema, table) ? mayReadSystemRelation(schema, table) : relations.has(schema, table);
  };
  /** Why a value does not say which relation of the run it means; undefined where it does. */
  const checkRelation = (value: unknown, written: string): Refusal | undefined => {
    const text = constantOf(value);
    if (text !== undefined) {
      if (isKnownRelation(text)) return undefined;
      const [schema, table] = namedIn(text) ?? [undefined, text];
      return relations.refuse(schema, table);
    }
    const cast = castOf(value);
    if (cast !== undefined && ['regclass', 'oid'].includes(cast.type)) return checkRelation(cast.of, written);
    if (isOfCatalog(value)) return undefined;
    return refuse(
      `${written} takes the name of one of this run’s tables in quotes, or a number from a catalog.`,
      `Write ${written.endsWith(')') ? written.replace('()', "('table')") : "'table'::regclass"}, or the column of a catalog by its alias, as in c.oid.`,
    );
  };
  const checkType = (value: unknown): Refusal | undefined => {
    const text = constantOf(value);
    if (text !== undefined && postgresTypeNames.has(text.toLowerCase().replace(/^pg_catalog\./, ''))) return undefined;
    return isOfCatalog(value)
      ? undefined
      : refuse('a type may not be looked up by any name or number.', 'Use format_type(a.atttypid, a.atttypmod).');
  };

  const checkSchema = (value: unknown): Refusal | undefined => {
    const text = constantOf(value);
    const isOwn = text !== undefined && boundary.isSchema(namedIn(text)?.[1] ?? '');
    return isOwn || isOfCatalog(value)
      ? undefined
      : refuse('a schema may not be looked up by any name or number.', 'Use pg_namespace, or n.nspname.');
  };
  const checkNamed = (type: string, value: unknown): Refusal | undefined => {
    if (type === 'regclass') return checkRelation(value, '::regclass');
    if (type === 'regtype') return checkType(value);
    if (type === 'regnamespace') return checkSchema(value);
    const text = constantOf(value);
    return text !== undefined && !/^\s*\d/.test(text)
      ? undefined
      : refuse(`${type} may not be looked up by a number.`, `Write 'name'::${type}.`);
  };
  /** Whether it is a column of the whole result, where nothing is compared with it. */
  const isResult = ({ above }: Found): boolean => {
    const query = above?.kind === 'ResTarget' ? above.above : undefined;
    return query?.kind === 'SelectStmt' && query.above === undefined && query.fields['op'] === 'SETOP_NONE';
  };

  const besides = typesBesideCasts(statement).find(namesRow);
  if (besides !== undefined)
    return refuse(
      `${besides} may stand in a cast alone.`,
      'Take the column as oid or text, and join it with a catalog.',
    );

  const splices: Splice[] = [];
  const bytes = Buffer.from(sql);
  const isWrapped = (above: Found | undefined): boolean =>
    above?.kind === 'TypeCast' && ['text', 'varchar', 'name', 'oid'].includes(typeNameOf(above.fields));

  for (const found of nodes) {
    const { kind, fields } = found;
    if (kind === 'RangeVar' && isCatalog(fields)) {
      const table = textOf(fields['relname']) ?? '';
      // Which of the two is meant depends on the place.
      if (fields['schemaname'] === undefined && queries.has(table))
        return refuse(`${table} is a catalog and a query of WITH.`, 'Give the query another name.');
      const refused = spliceCatalog(fields);
      if (refused) return refused;
    } else if (kind === 'RangeVar' && isView(fields)) {
      const refused = spliceView(fields);
      if (refused) return refused;
    } else if (kind === 'FuncCall') {
      const path = pathOf(fields['funcname']);
      const called = path.at(-1) ?? '';
      const args = listOf(fields['args']);
      if (called === 'pg_typeof' && !isWrapped(found.above) && !isResult(found))
        return refuse('what pg_typeof() answers is compared by name.', 'Write pg_typeof(…)::text.');
      if (called === 'to_regnamespace' || called === 'has_schema_privilege') {
        const refused = checkSchema(args.at(called === 'to_regnamespace' ? 0 : -2));
        if (refused) return refused;
        if (called === 'to_regnamespace' && !isWrapped(found.above))
          return refuse('what to_regnamespace() answers is compared by name.', 'Write to_regnamespace(…)::text.');
      }
      if (
        called === 'pg_database_size' &&
        pathOf(nodeOf(args[0], 'FuncCall')?.['funcname']).at(-1) !== 'current_database'
      )
        return refuse(
          'pg_database_size() tells of this database alone.',
          'Write pg_database_size(current_database()).',
        );
      const which = relationArgumentOf(called);
      if (which === undefined) continue;
      const written = `${called}()`;
      if (which === 'never')
        return refuse(
          `${written} tells what a view reads, which may be outside this run.`,
          'SELECT from the view, or take its columns from information_schema.columns.',
        );
      if (called === 'format_type' && isOfCatalog(args[0])) continue;
      const refused =
        called === 'to_regtype' || called === 'format_type' ? checkType(args[0]) : checkArguments(which, args, written);
      if (refused) return refused;
      if (/^to_reg(class|type)$/.test(called) && !isWrapped(found.above))
        return refuse(`what ${written} answers is compared by name.`, `Write ${called}(…)::oid, or ::text.`);
    } else if (kind === 'TypeCast') {
      const type = typeNameOf(fields);
      if (!namesRow(type)) continue;
      if (isFields(fields['typeName']) && fields['typeName']['arrayBounds'] !== undefined)
        return refuse(`a list of ${type} may not be cast to.`, `Cast each one: 'name'::${type}.`);
      const refused = checkNamed(type, fields['arg']);
      if (refused) return refused;
      if (type !== 'regclass' && type !== 'regtype' && type !== 'regnamespace') continue;
      if (!isWrapped(found.above)) {
        const last = castAsNumber(fields);
        if (last === undefined)
          return refuse(`what is cast to ${type} is compared by name.`, `Write ::${type}::text, or ::${type}::oid.`);
        splices.push(last);
      }
    }
  }
  const explained = nodes.some(({ kind }) => kind === 'ExplainStmt') ? ranges : [];
  const opaque = explained.find(
    (range) => !isCatalog(range) && boundary.isOpaque(textOf(range['schemaname']), textOf(range['relname']) ?? ''),
  );
  if (opaque)
    return refuse(
      `a plan would name what ${textOf(opaque['relname']) ?? ''} reads, which may be outside this run.`,
      'SELECT from it.',
    );
  return { allowed: true, sql: spliceText(sql, splices) };

  function checkArguments(which: string, args: readonly unknown[], written: string): Refusal | undefined {
    if (which === 'each') {
      const odd = args.slice(0, 2).find((one) => !isOfCatalog(one));
      return odd === undefined
        ? undefined
        : refuse(`${written} takes columns of the catalogs.`, 'Write them with their alias.');
    }
    const at = which === 'first' ? 0 : args.length - (which === 'second_last' ? 2 : 3);
    return checkRelation(args[at], written);
  }

  function spliceCatalog(range: Fields): Refusal | undefined {
    const schema = textOf(range['schemaname']) ?? 'pg_catalog';
    const name = `${schema}.${textOf(range['relname']) ?? ''}`;
    const select = catalogs.get(name);
    return select === undefined ? refuseCatalog(name) : splice(range, schema, () => select);
  }

  /**
   * Views are worked out by themselves: the server looks at conditions of the statement's that are cheap before those of a view
   * that are dear, and their errors would tell of rows that are not the view's.
   */
  function spliceView(range: Fields): Refusal | undefined {
    return splice(range, textOf(range['schemaname']) ?? '', (written) => `(SELECT * FROM ${written} OFFSET 0)`);
  }

  /** Puts a query where a relation stands. */
  function splice(range: Fields, schema: string, select: (written: string) => string): Refusal | undefined {
    const table = textOf(range['relname']) ?? '';
    const isUnnamed = aliasOf(range) === undefined;
    const shown = shownAs(range);
    const from = Number(range['location']);
    const [written, first, second] = writtenName.exec(bytes.subarray(from).toString()) ?? [];
    const [given, named] = second === undefined ? [undefined, first] : [first, second];
    const isPlain =
      written !== undefined && plain(named ?? '') === table && (given === undefined || plain(given) === schema);
    if (!isPlain || range['inh'] !== true)
      return refuse(`${table} may be written by its name alone.`, `Write FROM ${schema}.${table}.`);
    const to = from + Buffer.byteLength(written);
    const command = /\bTABLE\s+$/i.exec(bytes.subarray(0, from).toString())?.[0];
    const text = `${command === undefined ? '' : 'SELECT * FROM '}${select(written)}${isUnnamed ? ` AS ${quoteName(shown)}` : ''}`;
    splices.push({ from: from - Buffer.byteLength(command ?? ''), to, text });
    return undefined;
  }

  /** A relation given by its name is compared by its number, in `x::regclass`; undefined where it is written otherwise. */
  function castAsNumber(fields: Fields): Splice | undefined {
    if (constantOf(fields['arg']) === undefined) return undefined;
    const type = fields['typeName'];
    const from = Number(isFields(type) ? type['location'] : Number.NaN);
    const before = bytes.subarray(0, from).toString();
    const [written] =
      /^(?:pg_catalog\s*\.\s*)?reg(?:class|type|namespace)\b/i.exec(bytes.subarray(from).toString()) ?? [];
    if (written === undefined || !/::\s*$/.test(before)) return undefined;
    const to = from + Buffer.byteLength(written);
    return { from: to, to, text: '::oid' };
  }
};

const typeNameOf = (cast: Fields): string => {
  const type = cast['typeName'];
  return pathOf(isFields(type) ? type['names'] : undefined).at(-1) ?? '';
};
const castOf = (value: unknown): { readonly type: string; readonly of: unknown } | undefined => {
  const cast = nodeOf(value, 'TypeCast');
  return cast && { type: typeNameOf(cast), of: cast['arg'] };
};
