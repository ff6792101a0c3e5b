import { namesRelation } from './names-relation.ts';

/**
 * What is said where a statement fails over a table that does not exist and that it does not name: then a view names it,
 * and who reads the view cannot mend that by writing the statement anew. Undefined where the statement names it.
 */
export const brokenView = (sql: string, missing: string): string | undefined =>
  namesRelation(sql, missing)
    ? undefined
    : `A view that is read here is broken: its definition reads ${missing}, which does not exist in the database. Create ${missing} again, or drop the view.`;
