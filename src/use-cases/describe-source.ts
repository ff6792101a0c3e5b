import type { CatalogSource } from '../contracts/catalog.ts';
import { parseConnectionString } from '../domain/connection/parse-connection-string.ts';
import { requireReachable } from '../domain/connection/require-reachable.ts';
import type { Using } from '../ports/port-access.ts';
import { type DescribedSource, describeKeptSource } from './describe-kept-source.ts';

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
  const kept = await describeKeptSource(ports, tenant, wanted, where);
  if (kept !== undefined) return kept;
  const connectionString = wanted.db_conn_string ?? '';
  const { target, label } = parseConnectionString(connectionString, `${where}.db_conn_string`);
  requireReachable(ports.platform, target, `${where}.db_conn_string`);
  const suggestion = label.split('/').findLast((part) => part !== '') ?? '';
  return {
    name: wanted.name,
    suggestion,
    source: {
      kind: 'inline',
      label,
      engine: target.engine,
      ...(wanted.tables === undefined ? {} : { tables: wanted.tables }),
    },
    connectionString,
  };
};
