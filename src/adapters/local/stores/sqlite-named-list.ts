import type * as z from 'zod';
import { readListCursor } from '../../../domain/list-cursor.ts';
import type { Page, PageRequest } from '../../../ports/page.ts';
import { type NamedList, namedPage } from '../../named-page.ts';
import type { SqliteDocuments } from './sqlite-documents.ts';

/** A page of a tenant's documents of one table, by name. */
export const sqliteNamedList = <T>(
  { file, read }: SqliteDocuments,
  schema: z.ZodType<T>,
  list: NamedList,
  tenant: string,
  { limit, cursor }: PageRequest,
): Page<T> => {
  const after = cursor === undefined ? '' : readListCursor(list, tenant, cursor);
  const sql = `select name, document from ${list} where tenant = ? and name > ? order by name limit ?`;
  const rows = file
    .all(sql, tenant, after, limit + 1)
    .map((row) => ({ name: String(row['name']), read: () => read(schema, row) }));
  return namedPage(rows, { list, tenant, limit });
};
