import { createHash } from 'node:crypto';
import { FailureReport } from '../contracts/common.ts';
import { Failure, isFailureKind } from '../contracts/failure.ts';
import { DatabaseProfile, type Drift, TableProfile } from '../contracts/profile.ts';
import type { Run } from '../contracts/run.ts';
import { DatabaseSchema } from '../contracts/schema.ts';
import type { TaskInput, TaskOutput } from '../contracts/task.ts';
import { compareProfiles } from '../domain/drift/compare-profiles.ts';
import { readFailure } from '../domain/run/read-failure.ts';
import { runKeys } from '../domain/run-keys.ts';
import type { Ports } from '../ports/ports.ts';
import { readDocument, requireDocument, requireLease, writeDocument } from './agent-documents.ts';
import { collectEvidence } from './collect-evidence.ts';
import { findRun } from './find-run.ts';

type CollectPorts = Pick<Ports, 'runs' | 'objects' | 'sandbox' | 'clock' | 'log'>;

/**
 * Makes the database's profile of the tables', compares it with the last run's under the same prefix, and records the
 * node's result. Fails only where no table could be profiled, and then as the first one did.
 */
export const collectProfile = async (
  ports: CollectPorts,
  input: TaskInput<'collect-profile'>,
): Promise<TaskOutput<'collect-profile'>> => {
  const { tenant, run_id, node } = input;
  const keys = runKeys(run_id);
  const run = await findRun(ports, tenant, run_id);
  const schema = await requireDocument(ports, tenant, keys.schema, DatabaseSchema);

  const failed = (await Promise.all(input.tables.map((table) => failureOf(ports, input, table)))).flat();
  const names = input.tables.filter((table) => !('error' in table)).map(({ table }) => table);
  const tables = await Promise.all(
    names.map((table) => requireDocument(ports, tenant, keys.tableProfile(table), TableProfile)),
  );
  const [first] = failed;
  if (tables.length === 0 && first !== undefined)
    throw new Failure(first.kind, `No table could be profiled. "${first.table}": ${first.failure.message}`);

  const profile: DatabaseProfile = {
    engine: schema.engine,
    engine_version: schema.engine_version,
    tables,
    failed: failed.map(({ table, failure }) => ({ table, failure })),
  };
  await writeDocument(ports, tenant, keys.profile, profile);
  await writeDocument(ports, tenant, keys.drift, await driftOf(ports, run, profile));
  await collectEvidence(ports, await requireLease(ports, tenant, run_id));
  await ports.runs.putNodeResult({
    tenant,
    run_id,
    node,
    input_hash: createHash('sha256').update(JSON.stringify(schema)).digest('hex'),
    object_key: keys.profile,
    recorded_at: ports.clock.now().toISOString(),
  });
  ports.log.info('profile collected', { tables: tables.length, failed: failed.length });
  return { profiled: tables.length, failed: failed.length };
};

/** Why a table failed: as its state told, or, where the state itself was cut off, as the machine caught it. */
const failureOf = async (
  ports: CollectPorts,
  { tenant, run_id }: TaskInput<'collect-profile'>,
  item: Readonly<Record<string, unknown>> & { readonly table: string },
) => {
  if (typeof item['error'] !== 'string') return [];
  const told = await readDocument(ports, tenant, runKeys(run_id).tableFailure(item.table), FailureReport);
  const failure = told ?? readFailure(item['error'], typeof item['cause'] === 'string' ? item['cause'] : '');
  return [{ table: item.table, kind: isFailureKind(failure.kind) ? failure.kind : ('INTERNAL' as const), failure }];
};

/** What changed since the newest earlier run that succeeded under the same prefix and surveyed the same source. */
const driftOf = async (ports: CollectPorts, run: Run, profile: DatabaseProfile): Promise<Drift> => {
  const previous = await ports.runs.findPreviousRun(run.tenant, run.s3_prefix, run.run_id);
  // Another database under the same prefix has not changed into this one.
  if (previous?.source.kind !== run.source.kind || previous.source.label !== run.source.label) return { changes: [] };
  const before = await readDocument(ports, run.tenant, runKeys(previous.run_id).profile, DatabaseProfile);
  if (before === undefined) return { changes: [] };
  return {
    since: { run_id: previous.run_id, at: previous.created_at },
    changes: compareProfiles(before, profile, { before: previous.tables, after: run.tables }),
  };
};
