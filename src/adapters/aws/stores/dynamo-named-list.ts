import type * as z from 'zod';
import { readListCursor } from '../../../domain/list-cursor.ts';
import type { Page, PageRequest } from '../../../ports/page.ts';
import { namedPage } from '../../named-page.ts';
import type { DocumentTable } from './dynamo-document-table.ts';
import { tenantKey } from './dynamo-table.ts';

/** A page of a tenant's documents of one kind, by name: `{beginning}{name}` are their sort keys. */
export const dynamoNamedList = async <T extends { readonly name: string }>(
  table: DocumentTable,
  schema: z.ZodType<T>,
  { list, beginning }: { readonly list: string; readonly beginning: string },
  tenant: string,
  { limit, cursor }: PageRequest,
): Promise<Page<T>> => {
  const pk = tenantKey(tenant);
  const found = await table.items.query({
    condition: 'pk = :pk and begins_with(sk, :beginning)',
    values: { ':pk': pk, ':beginning': beginning },
    after: cursor === undefined ? undefined : { pk, sk: `${beginning}${readListCursor(list, tenant, cursor)}` },
    limit: limit + 1,
  });
  return namedPage(
    found.map((item) => table.read(schema, item)),
    { list, tenant, limit },
  );
};
