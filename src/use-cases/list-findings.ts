import type * as z from 'zod';
import { Drift } from '../contracts/drift.ts';
import { Failure } from '../contracts/failure.ts';
import { FindingChanges } from '../contracts/finding-change.ts';
import type { FindingPage } from '../contracts/finding-page.ts';
import { isAtLeast } from '../contracts/outcome.ts';
import type { routes } from '../contracts/routes.ts';
import type { Run } from '../contracts/run.ts';
import { listChangedFindings } from '../domain/drift/list-changed-findings.ts';
import { listCursor, readListCursor } from '../domain/list-cursor.ts';
import { countTotals } from '../domain/run/count-totals.ts';
import { runKeys } from '../domain/run-keys.ts';
import type { PortsOf } from '../ports/port-access.ts';
import { readDocument } from './agent-documents.ts';
import { findRun } from './find-run.ts';
import { readFindings } from './read-findings.ts';
import { requireKnownNames } from './require-known-names.ts';

/**
 * One page of what a run found. Fails with NOT_FOUND where there is no such run and where it has not looked for findings: an
 * empty list would say that all is well. Fails with INVALID_REQUEST on a cursor that no page gave, and on names that the run
 * does not know.
 */
export const listFindings = async (
  ports: PortsOf<'list-findings', never>,
  tenant: string,
  runId: string,
  { limit, cursor, ...filter }: z.output<(typeof routes)['listFindings']['query']>,
): Promise<FindingPage> => {
  const run = await findRun(ports, tenant, runId);
  const keys = runKeys(runId);
  const found = await readFindings(ports, run);
  if (found === undefined) throw notLookedFor(run);
  const changes = (await readDocument(ports, tenant, keys.findingChanges, FindingChanges)) ?? none;
  const drift = (await readDocument(ports, tenant, keys.drift, Drift)) ?? { changes: [] };

  await requireKnownNames(ports, run, found, changes, filter);
  const { severity, rule, source, table, state } = filter;
  const isAt = (place: { readonly source: string; readonly table?: string | undefined }): boolean =>
    (source ?? place.source) === place.source && (table ?? place.table) === place.table;
  const matching = listChangedFindings(found.findings, changes, state).filter(
    (one) =>
      isAt(one.place) &&
      (rule ?? one.rule) === one.rule &&
      (severity === undefined || isAtLeast(one.severity, severity)),
  );
  // A cursor goes on in the list that it was given for: of this run, with these filters.
  const scope = JSON.stringify([tenant, runId, severity, rule, source, table, state]);
  const start = cursor === undefined ? 0 : Number(readListCursor('findings', scope, cursor));
  const end = start + limit;
  return {
    run_id: runId,
    status: run.status,
    ...(changes.since === undefined ? {} : { since: changes.since }),
    totals: countTotals(found.findings, found.not_looked_at, changes, drift),
    matching: matching.length,
    findings: matching.slice(start, end),
    ...(start === 0
      ? {
          not_looked_at: found.not_looked_at.filter(
            // What nothing of a source or a table was asked, its tables and rules were not asked either.
            (one) =>
              isAt({ source: one.source, table: one.table ?? table }) && (one.rule ?? rule) === (rule ?? one.rule),
          ),
        }
      : {}),
    ...(end < matching.length ? { next_cursor: listCursor('findings', scope, String(end)) } : {}),
  };
};

const none: FindingChanges = { without_findings: [], is_cut: false, changes: [] };

const notLookedFor = ({ run_id, status }: Run): Failure =>
  new Failure(
    'NOT_FOUND',
    status === 'running'
      ? `Run ${run_id} has not looked for findings yet. Ask again when it has.`
      : `Run ${run_id} (${status}) kept no findings as data: it ended before it had looked for any, or an older version made it. Its reports, where there are any, say what it found; a new run keeps them.`,
    { where: 'path.id' },
  );
