import { FailureReport, reportOf } from '../contracts/failure-report.ts';
import { Failure, toFailure } from '../contracts/failure.ts';
import type { Run, RunSource } from '../contracts/run.ts';
import type { Lease } from '../contracts/sandbox.ts';
import { DatabaseSchema } from '../contracts/schema.ts';
import type { TableRef } from '../contracts/table-ref.ts';
import type { TaskInput, TaskOutput } from '../contracts/tasks.ts';
import { bytesOf, maxTableNameBytes } from '../domain/run/chunk-tables.ts';
import { runKeys } from '../domain/run-keys.ts';
import type { PortsOf } from '../ports/port-access.ts';
import { adviseEgress } from './advise-egress.ts';
import { readDocument, requireLease, writeDocument } from './agent-documents.ts';
import { findRunUnderWay } from './find-run-under-way.ts';
import { findTarget } from './find-target.ts';
import { tooLate } from './too-late.ts';
import { TablesNotAsked } from './tables-not-asked.ts';
import { leftOutChunk, LeftOutTables, writeChunks } from './table-chunks.ts';

type OpenPorts = PortsOf<'open-sources', 'log' | 'platform'>;

/**
 * Opens the run's databases in its sandbox: the first thing that can tell whether they are there, let us in and have the
 * tables that were asked for. Of several, one that does not open is noted and left out; the run fails where none does.
 */
export const openSources = async (
  ports: OpenPorts,
  { tenant, run_id, attempt }: TaskInput<'open-sources'>,
): Promise<TaskOutput<'open-sources'>> => {
  const run = await findRunUnderWay(ports, { tenant, run_id, attempt });
  const lease = await requireLease(ports, tenant, run_id);
  const opened = await Promise.all(run.sources.map((source) => openOrNote(ports, run, lease, source)));
  await noteSources(ports, run, opened);
  const [first] = opened.flatMap((one) => ('failure' in one ? [one.failure] : []));
  const tables = opened.flatMap((one) => ('tables' in one ? one.tables : []));
  if (first !== undefined && opened.every((one) => 'failure' in one)) throw first;
  const tooLong = tables.filter((table) => bytesOf(table) > maxTableNameBytes);
  if (tooLong.length > 0)
    await writeDocument(
      ports,
      tenant,
      runKeys(run_id).chunk(leftOutChunk(run.attempt)),
      LeftOutTables,
      tooLong.map(leftOut),
    );
  const carried = tables.filter((table) => bytesOf(table) <= maxTableNameBytes);
  const chunks = await writeChunks(ports, tenant, run_id, `a${run.attempt}-tables`, carried);
  return { tables: carried.length, chunks };
};

const leftOut = (table: TableRef): TableRef & { readonly failure: FailureReport } => ({
  ...table,
  failure: reportOf(
    new Failure(
      'INVALID_REQUEST',
      `The name of the table has ${bytesOf(table)} bytes, of ${maxTableNameBytes} that a survey can carry. Rename it, or give it a view with a shorter name.`,
    ),
  ),
});

/** The run tells of each source whether it could be opened; on a resumed run, what it told before is over. */
const noteSources = async (ports: OpenPorts, run: Run, opened: readonly Opened[]): Promise<void> => {
  const sources = run.sources.map(({ failure: _before, ...source }, index): RunSource => {
    const one = opened[index];
    if (one === undefined || 'tables' in one) return source;
    return { ...source, failure: reportOf(one.failure) };
  });
  const hasNews = [...run.sources, ...sources].some(({ failure }) => failure !== undefined);
  if (hasNews && !(await ports.runs.setSources(run.tenant, run.run_id, run.attempt, sources)))
    throw tooLate(run.run_id);
};

type Opened = { readonly tables: readonly TableRef[] } | { readonly failure: Failure };

const openOrNote = async (ports: OpenPorts, run: Run, lease: Lease, source: RunSource): Promise<Opened> => {
  try {
    return { tables: await openSource(ports, run, lease, source) };
  } catch (thrown) {
    const failure = withTestAdvised(adviseEgress(ports.platform, toFailure(thrown)), source);
    await writeDocument(
      ports,
      run.tenant,
      runKeys(run.run_id).sourceFailure(source.name),
      FailureReport,
      reportOf(failure),
    );
    ports.log.warn('source not opened', { source: source.name, failure: failure.kind });
    return { failure };
  }
};

/** A connection that does not open can be tried by itself, which is sooner done than a run; a run that does that needs no advice. */
const withTestAdvised = (failure: Failure, { connection, tables }: RunSource): Failure => {
  const { kind, message, where } = failure;
  // What lets the network through comes first: without it every test fails too.
  if (failure.advice?.kind === 'open_egress') return failure;
  if (connection === undefined || tables?.length === 0) return failure;
  if (kind !== 'DATABASE_UNREACHABLE' && kind !== 'DATABASE_REFUSED') return failure;
  return new Failure(kind, message, { where, advice: { kind: 'test_connection', connection }, cause: failure });
};

const openSource = async (
  ports: OpenPorts,
  run: Run,
  lease: Lease,
  source: RunSource,
): Promise<readonly TableRef[]> => {
  const target = await findTarget(ports, run, source);
  const keys = runKeys(run.run_id);
  const onlyOpens = source.tables?.length === 0;
  // A run that goes on keeps its boundary: what was made meanwhile was not there to be chosen.
  const before =
    run.attempt === 1 ? undefined : await readDocument(ports, run.tenant, keys.schema(source.name), DatabaseSchema);
  const { not_asked, ...chosen } = await ports.sandbox.call(lease, 'open', {
    source: source.name,
    target,
    ...(source.tables === undefined ? {} : { tables: source.tables }),
    ...(before === undefined || onlyOpens ? {} : { kept: before.tables.map(({ name }) => name) }),
  });
  const { tables } = chosen;
  await writeDocument(ports, run.tenant, keys.schema(source.name), DatabaseSchema, chosen);
  if (not_asked > 0)
    await writeDocument(ports, run.tenant, keys.tablesNotAsked(source.name), TablesNotAsked, not_asked);
  ports.log.info('database opened', {
    source: source.name,
    engine: chosen.engine,
    version: chosen.engine_version,
    tables: tables.length,
  });
  return onlyOpens ? [] : tables.map(({ name }) => ({ source: source.name, table: name }));
};
