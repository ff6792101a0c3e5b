import { Failure } from '../contracts/failure.ts';
import type { Run, RunSource } from '../contracts/run.ts';
import type { DatabaseTarget } from '../contracts/sandbox.ts';
import { parseConnectionString } from '../domain/connection/parse-connection-string.ts';
import { inlineSecretName } from '../domain/run-keys.ts';
import type { Using } from '../ports/port-access.ts';

type TargetPorts = Using<{ connections: 'read'; secrets: 'read'; datasets: 'read'; sourceObjects: 'read' }>;

/**
 * Where a source of a run is, with the credential from the secret store, which goes to the sandbox and nowhere else. Fails
 * with NOT_FOUND where it is gone, CONFLICT where a connection leads to another database than the run was started for.
 */
export const findTarget = async (ports: TargetPorts, run: Run, source: RunSource): Promise<DatabaseTarget> => {
  switch (source.kind) {
    case 'dataset':
      return ports.datasets.target(source.label);
    case 'connection': {
      const text = await connectionString(ports, run.tenant, source.connection ?? '');
      const { target, label } = parseConnectionString(text);
      if (label === source.label) return withObjects(ports, target);
      throw new Failure(
        'CONFLICT',
        `The connection "${source.connection}" leads to ${label} now; the run was started for ${source.label}.`,
        { advice: { kind: 'start_new_run' } },
      );
    }
    case 'inline': {
      const text = await ports.secrets.get(run.tenant, inlineSecretName(run.run_id, source.name));
      if (text !== undefined) return withObjects(ports, parseConnectionString(text).target);
      throw new Failure(
        'NOT_FOUND',
        `The connection string of run ${run.run_id} is gone: it is deleted when its run settles.`,
        { advice: { kind: 'start_new_run' } },
      );
    }
  }
};

/** What is in a bucket is listed now, for who opens it has no credential that could. */
const withObjects = async ({ sourceObjects }: TargetPorts, target: DatabaseTarget): Promise<DatabaseTarget> =>
  target.engine === 'objects' ? { ...target, ...(await sourceObjects.list(target.bucket, target.prefix)) } : target;

/** Looks again where the secret is not there and the connection names another since: it was rotated in between. */
const connectionString = async (
  ports: TargetPorts,
  tenant: string,
  name: string,
  missing?: string,
): Promise<string> => {
  const connection = await ports.connections.get(tenant, name);
  if (connection === undefined)
    throw new Failure('NOT_FOUND', `The connection "${name}" was deleted after the run was asked for.`, {
      advice: { kind: 'make_connection_again', connection: name },
    });
  const { secret } = connection;
  const text = secret === missing ? undefined : await ports.secrets.get(tenant, secret);
  if (text !== undefined) return text;
  if (secret !== missing) return connectionString(ports, tenant, name, secret);
  throw new Failure(
    'NOT_FOUND',
    `The connection "${name}" has no credential: its making or its deletion was cut off.`,
    { advice: { kind: 'give_credential', connection: name } },
  );
};
