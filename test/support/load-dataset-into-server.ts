import type { Dataset } from '../../src/domain/datasets/dataset.ts';
import type { GeneratedRow } from '../../src/domain/datasets/generated-row.ts';
import { engineSql } from '../../src/domain/engines/registry.ts';
import type { ServerEngine } from '../../src/contracts/engine.ts';
import { openServerSession } from './server-session.ts';

const types: Readonly<Record<ServerEngine, Readonly<Record<string, string>>>> = {
  postgres: { BIGINT: 'bigint', VARCHAR: 'text', DOUBLE: 'double precision', DATE: 'date', TIMESTAMP: 'timestamp', BOOLEAN: 'boolean' },
  mysql: { BIGINT: 'bigint', VARCHAR: 'varchar(500)', DOUBLE: 'double', DATE: 'date', TIMESTAMP: 'datetime', BOOLEAN: 'boolean' },
}; // prettier-ignore

/** What a generated dataset lets itself be declared: the keys that its flaws do not break, and a reference that they do. */
const constraints: Readonly<Record<string, Readonly<Record<ServerEngine, string>>>> = {
  ecommerce: {
    // NOT VALID: the rows that are there were never checked, as after a bulk load.
    postgres: `alter table products add primary key (product_id), add unique (sku);
      alter table orders add foreign key (product_id) references products not valid`,
    mysql: `alter table products add primary key (product_id), add unique (sku);
      set foreign_key_checks = 0; alter table orders add foreign key (product_id) references products (product_id); set foreign_key_checks = 1`,
  },
};

/** Loads a generated dataset into an empty database of a server: tables with comments, rows, keys. */
export const loadDatasetIntoServer = async (engine: ServerEngine, url: string, dataset: Dataset): Promise<void> => {
  const { quoteName, quoteText } = engineSql[engine].names;
  const session = await openServerSession(engine, url);
  try {
    for (const { name, description, columns } of dataset.schema.tables) {
      const comment = (text: string): string => (engine === 'mysql' ? ` comment ${quoteText(text)}` : '');
      const declared = columns.map(
        (column) =>
          `${quoteName(column.name)} ${types[engine][column.type] ?? column.type}${comment(column.description)}`,
      );
      await session.run(`create table ${quoteName(name)} (${declared.join(', ')})${comment(description)}`);
      if (engine === 'postgres') {
        await session.run(`comment on table ${quoteName(name)} is ${quoteText(description)}`);
        for (const column of columns) {
          const of = `${quoteName(name)}.${quoteName(column.name)}`;
          await session.run(`comment on column ${of} is ${quoteText(column.description)}`);
        }
      }
      const rows = dataset.rows(name);
      for (let from = 0; from < rows.length; from += 1_000) {
        const tuples = rows
          .slice(from, from + 1_000)
          .map(
            (row: GeneratedRow) => `(${columns.map((column) => literal(engine, row[column.name] ?? null)).join(',')})`,
          );
        await session.run(`insert into ${quoteName(name)} values ${tuples.join(',')}`);
      }
    }
    await session.run(constraints[dataset.schema.name]?.[engine] ?? 'select 1');
    await session.run(
      engine === 'postgres'
        ? 'analyze'
        : `analyze table ${dataset.schema.tables.map(({ name }) => quoteName(name)).join(', ')}`,
    );
  } finally {
    await session.end();
  }
};

/** MySQL has no NaN: a load leaves such a value out. */
const literal = (engine: ServerEngine, cell: GeneratedRow[string]): string => {
  if (cell === null || (engine === 'mysql' && String(cell) === 'NaN')) return 'null';
  return typeof cell === 'string' || Number.isNaN(cell)
    ? engineSql[engine].names.quoteText(String(cell))
    : String(cell);
};
