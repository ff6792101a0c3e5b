import type * as z from 'zod';
import { readListCursor } from '../../../domain/list-cursor.ts';
import type { Page, PageRequest } from '../../../ports/page.ts';
import { namedPage } from '../../named-page.ts';
import type { SqliteDocuments } from './sqlite-documents.ts';

/** A page of a tenant's documents of one table, by name. */
export const sqliteNamedList = <T extends { readonly name: string }>(
  { all }: SqliteDocuments,
  schema: z.ZodType<T>,
  list: 'connections' | 'schedules' | 'webhooks',
  tenant: string,
  { limit, cursor }: PageRequest,
): Page<T> => {
  const after = cursor === undefined ? '' : readListCursor(list, tenant, cursor);
  const sql = `select document from ${list} where tenant = ? and name > ? order by name limit ?`;
  return namedPage(all(schema, sql, tenant, after, limit + 1), { list, tenant, limit });
};
