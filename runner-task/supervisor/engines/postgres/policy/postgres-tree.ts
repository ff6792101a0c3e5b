/** What a node of a parsed statement holds. */
export type Fields = { readonly [field: string]: unknown };
/** The parts of a name. */
export type NamePath = readonly string[];

export const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** The names in a list of `{ String: { sval } }`; other nodes (a star, an index) are left out. */
export const pathOf = (value: unknown): NamePath =>
  listOf(value).flatMap((item) => {
    const name = isFields(item) && isFields(item['String']) ? textOf(item['String']['sval']) : undefined;
    return name === undefined ? [] : [name];
  });

/** The last part of a name of pg_catalog's; undefined where it is of another schema. */
export const catalogName = (path: NamePath): string | undefined =>
  path.length === 1 || (path.length === 2 && path[0] === 'pg_catalog') ? path.at(-1) : undefined;
