import type { Dataset } from '../../src/domain/datasets/dataset.ts';
import type { GeneratedRow } from '../../src/domain/datasets/generated-row.ts';
import { engineSql } from '../../src/domain/engines/registry.ts';
import type { ServerEngine } from '../../src/contracts/engine.ts';
import { openServerSession } from './server-session.ts';
import type { SqliteFile } from './sqlite-file.ts';

/** The engines that datasets are loaded into by SQL; DuckDB reads their files. */
type Loaded = ServerEngine | 'sqlite';

const types: Readonly<Record<Loaded, Readonly<Record<string, string>>>> = {
  postgres: { BIGINT: 'bigint', VARCHAR: 'text', DOUBLE: 'double precision', DATE: 'date', TIMESTAMP: 'timestamp', BOOLEAN: 'boolean' },
  mysql: { BIGINT: 'bigint', VARCHAR: 'varchar(500)', DOUBLE: 'double', DATE: 'date', TIMESTAMP: 'datetime', BOOLEAN: 'boolean' },
  sqlite: { BIGINT: 'INTEGER', VARCHAR: 'TEXT', DOUBLE: 'REAL', DATE: 'DATE', TIMESTAMP: 'DATETIME', BOOLEAN: 'BOOLEAN' },
}; // prettier-ignore

/** What a generated dataset lets itself be declared: the keys that its flaws do not break, and a reference that they do. */
const constraints: Readonly<Record<string, Readonly<Record<Exclude<Loaded, 'sqlite'>, string>>>> = {
  ecommerce: {
    // NOT VALID: the rows that are there were never checked, as after a bulk load.
    postgres: `alter table products add primary key (product_id), add unique (sku);
      alter table orders add foreign key (product_id) references products not valid`,
    mysql: `alter table products add primary key (product_id), add unique (sku);
      set foreign_key_checks = 0; alter table orders add foreign key (product_id) references products (product_id); set foreign_key_checks = 1`,
  },
};

/** The same in SQLite, which declares them with the table or never. */
const inTable: Readonly<Record<string, string>> = {
  'ecommerce.products': ', primary key (product_id), unique (sku)',
  'ecommerce.orders': ', foreign key (product_id) references products',
};

/** Loads a generated dataset into an empty database of a server: tables with comments, rows, keys. */
export const loadDatasetIntoServer = async (engine: ServerEngine, url: string, dataset: Dataset): Promise<void> => {
  const session = await openServerSession(engine, url);
  try {
    await loadDataset(engine, (sql) => session.run(sql), dataset);
    await session.run(constraints[dataset.schema.name]?.[engine] ?? 'select 1');
    const { quoteName } = engineSql[engine].names;
    await session.run(
      engine === 'postgres'
        ? 'analyze'
        : `analyze table ${dataset.schema.tables.map(({ name }) => quoteName(name)).join(', ')}`,
    );
  } finally {
    await session.end();
  }
};

/** Loads a generated dataset into a SQLite file: tables, rows, keys. References are not enforced there. */
export const loadDatasetIntoSqlite = async (file: SqliteFile, dataset: Dataset): Promise<void> => {
  const statements: string[] = ['pragma foreign_keys = off', 'begin'];
  await loadDataset('sqlite', async (sql) => void statements.push(sql), dataset);
  file.write([...statements, 'commit'].join(';\n'));
};

const loadDataset = async (engine: Loaded, run: (sql: string) => Promise<unknown>, dataset: Dataset): Promise<void> => {
  const { quoteName, quoteText } = engineSql[engine].names;
  for (const { name, description, columns } of dataset.schema.tables) {
    const comment = (text: string): string => (engine === 'mysql' ? ` comment ${quoteText(text)}` : '');
    const declared = columns.map(
      (column) =>
        `${quoteName(column.name)} ${types[engine][column.type] ?? column.type}${comment(column.description)}`,
    );
    const keys = engine === 'sqlite' ? (inTable[`${dataset.schema.name}.${name}`] ?? '') : '';
    await run(`create table ${quoteName(name)} (${declared.join(', ')}${keys})${comment(description)}`);
    if (engine === 'postgres') {
      await run(`comment on table ${quoteName(name)} is ${quoteText(description)}`);
      for (const column of columns) {
        const of = `${quoteName(name)}.${quoteName(column.name)}`;
        await run(`comment on column ${of} is ${quoteText(column.description)}`);
      }
    }
    const rows = dataset.rows(name);
    for (let from = 0; from < rows.length; from += 1_000) {
      const tuples = rows
        .slice(from, from + 1_000)
        .map(
          (row: GeneratedRow) => `(${columns.map((column) => literal(engine, row[column.name] ?? null)).join(',')})`,
        );
      await run(`insert into ${quoteName(name)} values ${tuples.join(',')}`);
    }
  }
};

/** MySQL has no NaN: a load leaves such a value out. SQLite has none either, and keeps the word. */
const literal = (engine: Loaded, cell: GeneratedRow[string]): string => {
  if (cell === null || (engine === 'mysql' && String(cell) === 'NaN')) return 'null';
  return typeof cell === 'string' || Number.isNaN(cell)
    ? engineSql[engine].names.quoteText(String(cell))
    : String(cell);
};
