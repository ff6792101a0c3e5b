import { isFields, pathOf } from './postgres-tree.ts';

/** Types whose values are numbers that are shown, and read, as names: of relations, types, functions, roles and the like. */
export const namesRow = (type: string): boolean => /^reg(?!exp)/.test(type);

/**
 * The last parts of all names of types that stand elsewhere than in a cast: in lists of columns behind a function, in XMLTABLE and
 * JSON_TABLE, behind RETURNING.
 */
export const typesBesideCasts = (tree: unknown): readonly string[] => {
  const found: string[] = [];
  const left: unknown[] = [tree];
  while (left.length > 0) {
    const value = left.pop();
    if (Array.isArray(value)) left.push(...value);
    else if (isFields(value))
      for (const [field, child] of Object.entries(value)) {
        if (field === 'TypeCast' && isFields(child)) left.push(child['arg']);
        else {
          if (/^typeName$/i.test(field) && isFields(child)) found.push(pathOf(child['names']).at(-1) ?? '');
          left.push(child);
        }
      }
  }
  return found;
};
