import { Failure } from '../contracts/failure.ts';
import type { Run } from '../contracts/run.ts';
import type { DatabaseTarget } from '../contracts/sandbox.ts';
import type { DatabaseSchema } from '../contracts/schema.ts';
import type { TaskInput, TaskOutput } from '../contracts/task.ts';
import { chooseTables } from '../domain/connection/choose-tables.ts';
import { parseConnectionString } from '../domain/connection/parse-connection-string.ts';
import { inlineSecretName, runKeys } from '../domain/run-keys.ts';
import type { Ports } from '../ports/ports.ts';
import { findRun } from './find-run.ts';

/**
 * Takes a sandbox for the run and opens the database in it: the first thing that can tell whether the database is there,
 * lets us in and has the tables that were asked for. Called again, it keeps the sandbox that the run has.
 */
export const acquireSandbox = async (
  ports: Pick<Ports, 'runs' | 'objects' | 'secrets' | 'sandbox' | 'datasets' | 'log'>,
  { tenant, run_id }: TaskInput<'acquire-sandbox'>,
): Promise<TaskOutput<'acquire-sandbox'>> => {
  const run = await findRun(ports, tenant, run_id);
  const target = await targetOf(ports, run);
  const held = await ports.runs.getLease(tenant, run_id);
  const lease = held ?? (await ports.sandbox.acquire(tenant, run_id));
  if (held === undefined) await ports.runs.putLease(lease);

  const schema = await ports.sandbox.call(lease, 'open', { target });
  const tables = chooseTables(schema.tables, run.tables);
  const chosen: DatabaseSchema = { ...schema, tables };
  await ports.objects.put(tenant, runKeys(run_id).schema, JSON.stringify(chosen), 'application/json');
  ports.log.info('database opened', { engine: schema.engine, version: schema.engine_version, tables: tables.length });
  return { tables: tables.map(({ name }) => name) };
};

/** Where the run's database is. The credential comes from the secret store and goes to the sandbox, nowhere else. */
const targetOf = async (ports: Pick<Ports, 'secrets' | 'datasets'>, run: Run): Promise<DatabaseTarget> => {
  switch (run.source.kind) {
    case 'dataset':
      return ports.datasets.target(run.source.label);
    case 'inline': {
      const connection = await ports.secrets.get(run.tenant, inlineSecretName(run.run_id));
      if (connection === undefined) {
        throw new Failure(
          'NOT_FOUND',
          `The connection string of run ${run.run_id} is gone: it is deleted when its run settles. Start a new run.`,
        );
      }
      return parseConnectionString(connection).target;
    }
  }
};
