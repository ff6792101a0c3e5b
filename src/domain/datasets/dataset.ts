import type { DatasetColumn, DatasetSchema, DatasetTable } from '../../contracts/dataset.ts';
import { csvChunks } from './csv.ts';
import type { GeneratedRow } from './generated-row.ts';

/** A table as its generator declares it: the row count and the file follow from it. */
export type TableDefinition<Column extends string = string> = {
  readonly name: string;
  readonly description: string;
  readonly columns: Readonly<Record<Column, { readonly type: string; readonly description: string }>>;
  readonly rows: number;
  /** Of the CSV text. It is how a file is known to be whole and of this version; a test computes it. */
  readonly sha256: string;
  /** The same rows on every call. */
  generate(): readonly GeneratedRow<Column>[];
};

/** A sample dataset: what the API shows of it, and its files as CSV text. */
export type Dataset = {
  readonly schema: DatasetSchema;
  /** The CSV text of one table, header first, in chunks of about 64 KB. The same bytes on every call. */
  csv(table: string): Iterable<string>;
  /** The rows of one table, the same on every call. */
  rows(table: string): readonly GeneratedRow[];
  /** The hash that the CSV text of one table has. */
  sha256(table: string): string;
};

const declaredColumns = (table: TableDefinition): readonly DatasetColumn[] =>
  Object.entries(table.columns).map(([name, { type, description }]) => ({ name, type, description }));

const declaredTable = (table: TableDefinition): DatasetTable => ({
  name: table.name,
  file: `${table.name}.csv`,
  rows: table.rows,
  description: table.description,
  columns: declaredColumns(table),
});

/** Makes a dataset of its tables. */
export const defineDataset = (
  about: Pick<DatasetSchema, 'name' | 'title' | 'description'>,
  tables: readonly TableDefinition[],
): Dataset => {
  const tableOf = (name: string): TableDefinition => {
    const table = tables.find((candidate) => candidate.name === name);
    if (table === undefined) throw new RangeError(`The dataset ${about.name} has no table ${name}`);
    return table;
  };
  return {
    schema: {
      ...about,
      rows: tables.reduce((sum, table) => sum + table.rows, 0),
      tables: tables.map(declaredTable),
    },
    csv: (name) => csvChunks(Object.keys(tableOf(name).columns), tableOf(name).generate()),
    rows: (name) => tableOf(name).generate(),
    sha256: (name) => tableOf(name).sha256,
  };
};
