import type * as z from 'zod';
import { readListCursor } from '../../../domain/list-cursor.ts';
import type { Page, PageRequest } from '../../../ports/page.ts';
import { type NamedList, namedPage } from '../../named-page.ts';
import type { DocumentTable } from './dynamo-document-table.ts';
import type { ItemKey } from './dynamo-table.ts';

/** A page of a tenant's documents of one kind, by name: what their keys begin with is the key of the empty name. */
export const dynamoNamedList = async <T>(
  table: DocumentTable,
  schema: z.ZodType<T>,
  { list, keyOf }: { readonly list: NamedList; readonly keyOf: (tenant: string, name: string) => ItemKey },
  tenant: string,
  { limit, cursor }: PageRequest,
): Promise<Page<T>> => {
  const { pk, sk: beginning } = keyOf(tenant, '');
  const found = await table.items.query({
    condition: 'pk = :pk and begins_with(sk, :beginning)',
    values: { ':pk': pk, ':beginning': beginning },
    after: cursor === undefined ? undefined : keyOf(tenant, readListCursor(list, tenant, cursor)),
    limit: limit + 1,
  });
  return namedPage(
    found.map((item) => ({
      name: String(item['sk']).slice(beginning.length),
      read: () => table.read(schema, item),
    })),
    { list, tenant, limit },
  );
};
