import type * as z from 'zod';
import { storedDocument } from '../../../contracts/stored-document.ts';
import { documentAttributes, documentOf } from './dynamo-document.ts';
import type { Item, Items } from './dynamo-items.ts';
import { type ItemKey, runPartition } from './dynamo-table.ts';

/** A table whose items hold documents, which are checked against their contracts when they are read and before they are written. */
export type DocumentTable = {
  readonly items: Items;
  /** The table by its name, for messages. */
  readonly where: string;
  /** The document of an item that was found. Fails with STORAGE_FAILED on one that is not what the schema says. */
  read<T>(schema: z.ZodType<T>, item: Item): T;
  get<T>(schema: z.ZodType<T>, key: ItemKey): Promise<T | undefined>;
  put<T>(key: ItemKey, schema: z.ZodType<T>, document: NoInfer<T>): Promise<void>;
  /** All items of a run whose sort keys begin so, in the order of these. */
  listOfRun(tenant: string, runId: string, beginning: string): Promise<readonly Item[]>;
};

/** Documents in the items of a table. */
export const createDocumentTable = (items: Items, where: string): DocumentTable => {
  const read = <T>(schema: z.ZodType<T>, item: Item): T => storedDocument(schema, documentOf(item), where);
  return {
    items,
    where,
    read,
    async get(schema, key) {
      const item = await items.get(key);
      return item === undefined ? undefined : read(schema, item);
    },
    put: async (key, schema, document) => items.put({ ...key, ...documentAttributes(key.sk, schema, document) }),
    listOfRun: async (tenant, runId, beginning) =>
      items.query({
        condition: 'pk = :pk and begins_with(sk, :beginning)',
        values: { ':pk': runPartition(tenant, runId), ':beginning': beginning },
      }),
  };
};
