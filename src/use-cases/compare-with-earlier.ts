import { Drift } from '../contracts/drift.ts';
import type { Findings } from '../contracts/finding.ts';
import { FindingChanges } from '../contracts/finding-change.ts';
import type { RunProfile } from '../contracts/profile.ts';
import { RunTotals } from '../contracts/run-totals.ts';
import type { Run } from '../contracts/run.ts';
import { compareFindings } from '../domain/drift/compare-findings.ts';
import { countTotals } from '../domain/run/count-totals.ts';
import { runKeys } from '../domain/run-keys.ts';
import type { Using } from '../ports/port-access.ts';
import { readDocument, writeDocument } from './agent-documents.ts';
import { readEarlierRuns } from './read-earlier-runs.ts';

/** Compares what the rules of a run came to with the runs before it, and keeps that and the run's totals. */
export const compareWithEarlier = async (
  ports: Using<{ runs: 'read' | 'previous'; documents: 'read' | 'write' }>,
  run: Run,
  profile: RunProfile,
  findings: Findings,
): Promise<FindingChanges> => {
  const keys = runKeys(run.run_id);
  const earlier = await readEarlierRuns(ports, run, profile);
  const changes = compareFindings({ run, profile, findings }, earlier.runs, earlier.is_cut);
  const drift = (await readDocument(ports, run.tenant, keys.drift, Drift)) ?? { changes: [] };
  const totals = countTotals(findings.findings, findings.not_looked_at, changes, drift);
  await Promise.all([
    writeDocument(ports, run.tenant, keys.findingChanges, FindingChanges, changes),
    writeDocument(ports, run.tenant, keys.totals, RunTotals, totals),
  ]);
  return changes;
};
