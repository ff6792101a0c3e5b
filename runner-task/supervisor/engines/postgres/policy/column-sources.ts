import { isFields, listOf, pathOf, textOf, type Fields } from './postgres-tree.ts';

/** What stands in a FROM and is called by a name: a relation, or a query, whose columns are known as far as they are named. */
export type ColumnSource =
  | { readonly kind: 'relation'; readonly schema: string | undefined; readonly name: string }
  | { readonly kind: 'query'; readonly columns: ReadonlySet<string> }
  | { readonly kind: 'function' };

const aliasOf = (fields: Fields): string | undefined =>
  isFields(fields['alias']) ? textOf(fields['alias']['aliasname']) : undefined;

/** The names that a list after an alias gives to columns. */
const listed = (fields: Fields): readonly string[] =>
  isFields(fields['alias']) ? pathOf(fields['alias']['colnames']) : [];

/** The name of a column of a result, where the query says it. */
const nameOfTarget = (target: unknown): readonly string[] => {
  const result = isFields(target) && isFields(target['ResTarget']) ? target['ResTarget'] : {};
  const name = textOf(result['name']);
  if (name !== undefined) return [name];
  const value = isFields(result['val']) ? result['val'] : {};
  const column = isFields(value['ColumnRef']) ? pathOf(value['ColumnRef']['fields']) : [];
  return column.slice(-1);
};

/** The columns of a query that it names: of a union, those of its first part. */
const columnsOf = (query: unknown): readonly string[] => {
  let select = isFields(query) && isFields(query['SelectStmt']) ? query['SelectStmt'] : query;
  while (isFields(select) && isFields(select['larg'])) select = select['larg'];
  return isFields(select) ? listOf(select['targetList']).flatMap(nameOfTarget) : [];
};

const sourceOf = (kind: string, fields: Fields): readonly (readonly [string, ColumnSource])[] => {
  const alias = aliasOf(fields);
  switch (kind) {
    case 'RangeVar': {
      const name = textOf(fields['relname']) ?? '';
      return [[alias ?? name, { kind: 'relation', schema: textOf(fields['schemaname']), name }]];
    }
    case 'RangeSubselect':
      if (alias === undefined) return [];
      return [[alias, { kind: 'query', columns: new Set([...listed(fields), ...columnsOf(fields['subquery'])]) }]];
    case 'CommonTableExpr': {
      const columns = new Set([...pathOf(fields['aliascolnames']), ...columnsOf(fields['ctequery'])]);
      return [[textOf(fields['ctename']) ?? '', { kind: 'query', columns }]];
    }
    default:
      return alias === undefined ? [] : [[alias, { kind: 'function' }]];
  }
};

/** All that the names of a statement may stand for in front of a dot, wherever in it they are given. */
export const columnSources = (tree: unknown): ReadonlyMap<string, readonly ColumnSource[]> => {
  const sources = new Map<string, ColumnSource[]>();
  const left: unknown[] = [tree];
  while (left.length > 0) {
    const value = left.pop();
    if (!isFields(value)) continue;
    for (const [field, child] of Object.entries(value)) {
      left.push(child);
      if (!/^[A-Z]/.test(field) || !isFields(child)) continue;
      for (const [name, source] of sourceOf(field, child)) sources.set(name, [...(sources.get(name) ?? []), source]);
    }
  }
  // A relation that is called like a query of a WITH may be that query.
  for (const [name, found] of sources) {
    const more = found.flatMap((source) =>
      source.kind === 'relation' && source.schema === undefined && source.name !== name
        ? (sources.get(source.name) ?? []).filter(({ kind }) => kind === 'query')
        : [],
    );
    const isQuery = more.length > 0 || found.some(({ kind }) => kind === 'query');
    const kept = isQuery ? found.filter((source) => source.kind !== 'relation' || source.schema !== undefined) : found;
    sources.set(name, [...kept, ...more]);
  }
  return sources;
};
