import type { CatalogSource } from '../contracts/catalog.ts';
import type { RunSource } from '../contracts/run.ts';
import { datasetNames, noDataset } from '../domain/datasets/dataset-names.ts';
import type { Using } from '../ports/port-access.ts';
import { findConnection } from './find-connection.ts';

/** A source before it has its name, what it may be called, and the credential that came with it. */
export type DescribedSource = {
  readonly name: string | undefined;
  readonly suggestion: string;
  readonly source: Omit<RunSource, 'name'>;
  readonly connectionString?: string;
};

/** What a source is that Surveyor keeps itself, a dataset or a connection; undefined of any other. Fails as `describeSource`. */
export const describeKeptSource = async (
  ports: Using<{ connections: 'read' }>,
  tenant: string,
  wanted: CatalogSource,
  where: string,
): Promise<DescribedSource | undefined> => {
  const { name } = wanted;
  const tables = wanted.tables === undefined ? {} : { tables: wanted.tables };
  if (wanted.dataset !== undefined) {
    const label = datasetNames.find((one) => one === wanted.dataset);
    if (label === undefined) throw noDataset(wanted.dataset);
    return { name, suggestion: label, source: { kind: 'dataset', label, engine: 'files', ...tables } };
  }
  if (wanted.connection === undefined) return undefined;
  const connection = await findConnection(ports, tenant, wanted.connection, `${where}.connection`);
  const { label, engine } = connection;
  return {
    name,
    suggestion: connection.name,
    source: { kind: 'connection', label, engine, connection: connection.name, ...tables },
  };
};
