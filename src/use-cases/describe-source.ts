import type { CatalogSource } from '../contracts/catalog.ts';
import type { RunSource } from '../contracts/run.ts';
import { parseConnectionString } from '../domain/connection/parse-connection-string.ts';
import { requireReachable } from '../domain/connection/require-reachable.ts';
import { findDataset } from '../domain/datasets/registry.ts';
import type { Using } from '../ports/port-access.ts';
import { findConnection } from './find-connection.ts';

/** A source before it has its name, what it may be called, and the credential that came with it. */
export type DescribedSource = {
  readonly name: string | undefined;
  readonly suggestion: string;
  readonly source: Omit<RunSource, 'name'>;
  readonly connectionString?: string;
};

/**
 * What a source of a request is, as it may be shown. `where` is its place in the request. Fails with DATASET_NOT_FOUND,
 * NOT_FOUND (no such connection), UNSUPPORTED_DATABASE, INVALID_REQUEST.
 */
export const describeSource = async (
  ports: Using<{ connections: 'read' }, 'platform'>,
  tenant: string,
  wanted: CatalogSource,
  where: string,
): Promise<DescribedSource> => {
  const { name } = wanted;
  const tables = wanted.tables === undefined ? {} : { tables: wanted.tables };
  if (wanted.dataset !== undefined) {
    const label = findDataset(wanted.dataset).schema.name;
    return { name, suggestion: label, source: { kind: 'dataset', label, engine: 'files', ...tables } };
  }
  if (wanted.connection !== undefined) {
    const connection = await findConnection(ports, tenant, wanted.connection, `${where}.connection`);
    const { label, engine } = connection;
    return {
      name,
      suggestion: connection.name,
      source: { kind: 'connection', label, engine, connection: connection.name, ...tables },
    };
  }
  const connectionString = wanted.db_conn_string ?? '';
  const { target, label } = parseConnectionString(connectionString, `${where}.db_conn_string`);
  requireReachable(ports.platform, target, `${where}.db_conn_string`);
  const suggestion = label.split('/').findLast((part) => part !== '') ?? '';
  return {
    name,
    suggestion,
    source: { kind: 'inline', label, engine: target.engine, ...tables },
    connectionString,
  };
};
