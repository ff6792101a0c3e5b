import type * as z from 'zod';
import { Drift } from '../contracts/drift.ts';
import { reportOfCause } from '../contracts/failure-cause.ts';
import { FailureReport, failureFrom } from '../contracts/failure-report.ts';
import { Failure } from '../contracts/failure.ts';
import { type DatabaseProfile, RunProfile, TableProfile } from '../contracts/profile.ts';
import type { Run, RunSource } from '../contracts/run.ts';
import { DatabaseSchema } from '../contracts/schema.ts';
import type { TaskInput, TaskOutput } from '../contracts/tasks.ts';
import { compareRuns } from '../domain/drift/compare-runs.ts';
import { outlineTables } from '../domain/rules/outline-tables.ts';
import { runKeys } from '../domain/run-keys.ts';
import type { PortsOf } from '../ports/port-access.ts';
import { readDocument, requireDocument, requireLease, writeDocument } from './agent-documents.ts';
import { collectEvidence } from './collect-evidence.ts';
import { Outlines } from './outlines.ts';
import { findRunUnderWay } from './find-run-under-way.ts';
import { readEarlierRuns } from './read-earlier-runs.ts';
import { tooLate } from './too-late.ts';
import { leftOutChunk, LeftOutTables, readOutcomes, type TableWork, writeChunks } from './table-chunks.ts';

type CollectPorts = PortsOf<'collect-profile'>;

/**
 * Makes the run's profile of its tables', compares it with the last runs' under the same prefix, and keeps of each source
 * what the rules need to know of all its tables. Fails only where no table could be profiled, and then as the first one did.
 */
export const collectProfile = async (
  ports: CollectPorts,
  input: TaskInput<'collect-profile'>,
): Promise<TaskOutput<'collect-profile'>> => {
  const { tenant, run_id } = input;
  const keys = runKeys(run_id);
  const run = await findRunUnderWay(ports, input);
  const worked = await readOutcomes(ports, tenant, run_id, input.chunks);
  const leftOut = (await readDocument(ports, tenant, keys.chunk(leftOutChunk(run.attempt)), LeftOutTables)) ?? [];
  const databases = await Promise.all(
    run.sources.map((source) =>
      databaseProfile(
        ports,
        run,
        source,
        worked.filter((table) => table.source === source.name),
        leftOut.filter((table) => table.source === source.name),
      ),
    ),
  );
  const profiled = databases.reduce((sum, { tables }) => sum + tables.length, 0);
  const failed = databases.flatMap((database) => database.failed);
  const [first] = failed;
  if (profiled === 0 && first !== undefined) {
    const { kind, message, advice } = failureFrom(first.failure);
    throw new Failure(kind, `No table could be profiled. "${first.table}": ${message}`, { advice });
  }

  await noteSources(ports, run, databases);
  const profile: RunProfile = { databases };
  const earlier = await readEarlierRuns(ports, run, profile);
  await findRunUnderWay(ports, input);
  await Promise.all([
    writeDocument(ports, tenant, keys.profile, RunProfile, profile),
    writeDocument(ports, tenant, keys.drift, Drift, compareRuns({ run, profile }, earlier.runs, earlier.has_others)),
    ...databases.map(({ source, tables }) =>
      writeDocument(ports, tenant, keys.outlines(source), Outlines, outlineTables(tables)),
    ),
  ]);
  await collectEvidence(ports, await requireLease(ports, tenant, run_id), run_id);
  ports.log.info('profile collected', { tables: profiled, failed: failed.length });
  const measured = databases.flatMap(({ source, tables }) => tables.map(({ table }) => ({ source, table })));
  return {
    profiled,
    failed: failed.length,
    chunks: await writeChunks(ports, tenant, run_id, `a${run.attempt}-checks`, measured),
  };
};

/** A source none of whose tables could be measured was not surveyed, whatever the reason was. */
const noteSources = async (ports: CollectPorts, run: Run, databases: readonly DatabaseProfile[]): Promise<void> => {
  const sources = run.sources.map((source, index): RunSource => {
    const { tables = [], failed = [] } = databases[index] ?? {};
    const [first] = failed;
    return tables.length > 0 || first === undefined ? source : { ...source, failure: first.failure };
  });
  const hasNews = sources.some((source, index) => source !== run.sources[index]);
  if (hasNews && !(await ports.runs.setSources(run.tenant, run.run_id, run.attempt, sources)))
    throw tooLate(run.run_id);
};

/** One source with what its tables came to, or why it could not be opened. */
const databaseProfile = async (
  ports: CollectPorts,
  run: Run,
  source: RunSource,
  measured: readonly TableWork[],
  leftOut: z.infer<typeof LeftOutTables>,
): Promise<DatabaseProfile> => {
  const { tenant, run_id } = run;
  const keys = runKeys(run_id);
  const { name, label, engine } = source;
  if (measured.length === 0 && leftOut.length === 0) {
    const failure = await readDocument(ports, tenant, keys.sourceFailure(name), FailureReport);
    const none = { tables: [], failed: [], not_visible: [] };
    return { source: name, label, engine, engine_version: '', ...none, ...(failure === undefined ? {} : { failure }) };
  }
  const schema = await requireDocument(ports, tenant, keys.schema(name), DatabaseSchema);
  const failed = await Promise.all(
    measured.filter((table) => table.error !== undefined).map((table) => failureOf(ports, run, table)),
  );
  const tables = await Promise.all(
    measured
      .filter((table) => table.error === undefined)
      .map(({ table }) => requireDocument(ports, tenant, keys.tableProfile(name, table), TableProfile)),
  );
  return {
    source: name,
    label,
    engine: schema.engine,
    engine_version: schema.engine_version,
    tables,
    failed: [...failed, ...leftOut.map(({ table, failure }) => ({ table, failure }))],
    not_visible: schema.not_visible,
    ...(schema.left_out === undefined ? {} : { left_out: schema.left_out }),
    ...(schema.role === undefined ? {} : { role: schema.role }),
  };
};

/** Why a table failed: as its state told, or, where the state itself was cut off, as the machine caught it. */
const failureOf = async (
  ports: CollectPorts,
  { tenant, run_id }: Run,
  { source, table, error, cause }: TableWork,
): Promise<DatabaseProfile['failed'][number]> => {
  const told = await readDocument(ports, tenant, runKeys(run_id).tableFailure(source, table), FailureReport);
  const caught = (): FailureReport => reportOfCause(error ?? '', cause ?? '');
  return { table, failure: told ?? caught() };
};
