import type { OpenedDatabase } from './engines/open-engine.ts';
import type { KernelDatabase } from './kernel-messages.ts';

/** The databases that are open, as the kernel offers them in Python: the first one is `db` there. */
export const kernelDatabases = (
  sources: ReadonlyMap<string, { readonly opened?: OpenedDatabase }>,
): readonly KernelDatabase[] =>
  [...sources].flatMap(([source, { opened }]) =>
    opened === undefined
      ? []
      : {
          source,
          engine: opened.schema.engine,
          tables: opened.schema.tables.map(({ name, columns }, index) => ({
            name,
            schema: opened.addresses[index]?.schema ?? null,
            table: opened.addresses[index]?.table ?? name,
            columns: columns.map((column) => ({ name: column.name, type: column.base_type ?? column.type })),
          })),
        },
  );
