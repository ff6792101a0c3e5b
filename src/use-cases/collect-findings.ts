import { createHash } from 'node:crypto';
import { Findings, TableFindings } from '../contracts/finding.ts';
import { RunProfile } from '../contracts/profile.ts';
import type { Run } from '../contracts/run.ts';
import type { TaskInput, TaskOutput } from '../contracts/tasks.ts';
import { mergeFindings } from '../domain/finding/merge-findings.ts';
import { ruleIds } from '../domain/rules/plan-rules.ts';
import { reportOfCause } from '../contracts/failure-cause.ts';
import { runKeys } from '../domain/run-keys.ts';
import type { PortsOf, Using } from '../ports/port-access.ts';
import { readDocument, requireDocument, requireLease, writeDocument } from './agent-documents.ts';
import { collectEvidence } from './collect-evidence.ts';
import { compareWithEarlier } from './compare-with-earlier.ts';
import { TablesNotAsked } from './tables-not-asked.ts';
import { findRunUnderWay } from './find-run-under-way.ts';
import { readOutcomes } from './table-chunks.ts';

type CollectPorts = PortsOf<'collect-findings'>;

/**
 * Makes one document of what the rules found in each table, with all that nobody looked at, compares it with the runs
 * before, and records the result of the node: with the profile, it is what the agents start from.
 */
export const collectFindings = async (
  ports: CollectPorts,
  { tenant, run_id, attempt, node, chunks }: TaskInput<'collect-findings'>,
): Promise<TaskOutput<'collect-findings'>> => {
  const keys = runKeys(run_id);
  const run = await findRunUnderWay(ports, { tenant, run_id, attempt });
  const profile = await requireDocument(ports, tenant, keys.profile, RunProfile);
  const tables = await readOutcomes(ports, tenant, run_id, chunks);
  const checked = await Promise.all(
    tables
      .filter((table) => table.error === undefined)
      .map(({ source, table }) => requireDocument(ports, tenant, keys.tableFindings(source, table), TableFindings)),
  );
  const findings: Findings = mergeFindings({
    rules: ruleIds,
    profile,
    checked,
    failed: tables
      .filter((table) => table.error !== undefined)
      .map(({ source, table, error, cause }) => ({
        source,
        table,
        failure: reportOfCause(error ?? '', cause ?? ''),
      })),
    not_asked: (await Promise.all(run.sources.map((source) => notAsked(ports, run, source.name)))).flat(),
  });
  await findRunUnderWay(ports, { tenant, run_id, attempt });
  await writeDocument(ports, tenant, keys.findings, Findings, findings);
  await compareWithEarlier(ports, run, profile, findings);
  await collectEvidence(ports, await requireLease(ports, tenant, run_id), run_id);
  await ports.nodeResults.put({
    tenant,
    run_id,
    node,
    attempt: attempt ?? run.attempt,
    input_hash: createHash('sha256')
      .update(
        JSON.stringify([ruleIds, profile.databases.map((database) => database.tables.map(({ schema }) => schema))]),
      )
      .digest('hex'),
    object_key: keys.findings,
    recorded_at: ports.clock.now().toISOString(),
  });
  const verdict = { findings: findings.findings.length, not_looked_at: findings.not_looked_at.length };
  ports.log.info('findings collected', verdict);
  return verdict;
};

const notAsked = async (
  ports: Using<{ documents: 'read' }>,
  { tenant, run_id }: Run,
  source: string,
): Promise<readonly { readonly source: string; readonly tables: number }[]> => {
  const tables = (await readDocument(ports, tenant, runKeys(run_id).tablesNotAsked(source), TablesNotAsked)) ?? 0;
  return tables === 0 ? [] : [{ source, tables }];
};
