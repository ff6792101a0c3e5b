import { Failure, toFailure } from '../contracts/failure.ts';
import type { Run, RunSource } from '../contracts/run.ts';
import type { DatabaseTarget, Lease } from '../contracts/sandbox.ts';
import type { DatabaseSchema } from '../contracts/schema.ts';
import type { TableRef, TaskInput, TaskOutput } from '../contracts/task.ts';
import { chooseTables } from '../domain/connection/choose-tables.ts';
import { parseConnectionString } from '../domain/connection/parse-connection-string.ts';
import { connectionSecretName, inlineSecretName, runKeys } from '../domain/run-keys.ts';
import type { Ports } from '../ports/ports.ts';
import { writeDocument } from './agent-documents.ts';
import { findRun } from './find-run.ts';

type AcquirePorts = Pick<Ports, 'runs' | 'objects' | 'secrets' | 'sandbox' | 'datasets' | 'log'>;

/** Characters of all table names together: they are a state's payload, which the engine caps at 256 KiB. */
const mostCharacters = 150_000;

/**
 * Takes a sandbox for the run and opens its databases in it: the first thing that can tell whether they are there, let us
 * in and have the tables that were asked for. Of several, one that does not open is noted and left out; the run fails
 * where none does. Called again, it keeps the sandbox that the run has.
 */
export const acquireSandbox = async (
  ports: AcquirePorts,
  { tenant, run_id }: TaskInput<'acquire-sandbox'>,
): Promise<TaskOutput<'acquire-sandbox'>> => {
  const run = await findRun(ports, tenant, run_id);
  const held = await ports.runs.getLease(tenant, run_id);
  const lease = held ?? (await ports.sandbox.acquire(tenant, run_id));
  if (held === undefined) await ports.runs.putLease(lease);

  const opened = await Promise.all(run.sources.map((source) => openOrNote(ports, run, lease, source)));
  await noteSources(ports, run, opened);
  const [first] = opened.flatMap((one) => ('failure' in one ? [one.failure] : []));
  const tables = opened.flatMap((one) => ('tables' in one ? one.tables : []));
  if (first !== undefined && opened.every((one) => 'failure' in one)) throw first;
  const characters = JSON.stringify(tables).length;
  if (characters > mostCharacters) {
    throw new Failure(
      'INVALID_REQUEST',
      `The names of the ${tables.length} tables have ${characters} characters together, of ${mostCharacters} that a run takes. Name fewer tables in "tables".`,
      { where: 'body.tables' },
    );
  }
  return { tables };
};

/** The run tells of each source whether it could be opened; on a resumed run, what it told before is over. */
const noteSources = async (ports: AcquirePorts, run: Run, opened: readonly Opened[]): Promise<void> => {
  const sources = run.sources.map(({ failure: _before, ...source }, index): RunSource => {
    const one = opened[index];
    if (one === undefined || 'tables' in one) return source;
    const { kind, message } = one.failure;
    return { ...source, failure: { kind, message } };
  });
  const hasNews = [...run.sources, ...sources].some(({ failure }) => failure !== undefined);
  if (hasNews) await ports.runs.setSources(run.tenant, run.run_id, sources);
};

type Opened = { readonly tables: readonly TableRef[] } | { readonly failure: Failure };

const openOrNote = async (ports: AcquirePorts, run: Run, lease: Lease, source: RunSource): Promise<Opened> => {
  try {
    return { tables: await openSource(ports, run, lease, source) };
  } catch (thrown) {
    const failure = toFailure(thrown);
    const { kind, message } = failure;
    await writeDocument(ports, run.tenant, runKeys(run.run_id).sourceFailure(source.name), { kind, message });
    ports.log.warn('source not opened', { source: source.name, failure: kind });
    return { failure };
  }
};

const openSource = async (
  ports: AcquirePorts,
  run: Run,
  lease: Lease,
  source: RunSource,
): Promise<readonly TableRef[]> => {
  const target = await targetOf(ports, run, source);
  const schema = await ports.sandbox.call(lease, 'open', { source: source.name, target });
  const tables = chooseTables(schema.tables, source.tables);
  const chosen: DatabaseSchema = { ...schema, tables };
  await writeDocument(ports, run.tenant, runKeys(run.run_id).schema(source.name), chosen);
  ports.log.info('database opened', {
    source: source.name,
    engine: schema.engine,
    version: schema.engine_version,
    tables: tables.length,
  });
  return tables.map(({ name }) => ({ source: source.name, table: name }));
};

/** Where a source is. The credential comes from the secret store and goes to the sandbox, nowhere else. */
const targetOf = async (
  ports: Pick<Ports, 'secrets' | 'datasets'>,
  run: Run,
  source: RunSource,
): Promise<DatabaseTarget> => {
  switch (source.kind) {
    case 'dataset':
      return ports.datasets.target(source.label);
    case 'connection':
      return targetIn(
        await ports.secrets.get(run.tenant, connectionSecretName(source.connection ?? '')),
        `The connection "${source.connection}" has no credential: it was deleted meanwhile, or its making was cut off. Rotate it, or delete it and make it again.`,
      );
    case 'inline':
      return targetIn(
        await ports.secrets.get(run.tenant, inlineSecretName(run.run_id, source.name)),
        `The connection string of run ${run.run_id} is gone: it is deleted when its run settles. Start a new run.`,
      );
  }
};

const targetIn = (connectionString: string | undefined, gone: string): DatabaseTarget => {
  if (connectionString === undefined) throw new Failure('NOT_FOUND', gone);
  return parseConnectionString(connectionString).target;
};
