import * as z from 'zod';
import { Finding, Findings } from '../contracts/finding.ts';
import type { Run } from '../contracts/run.ts';
import { withAgentFindings } from '../domain/finding/agent-findings.ts';
import { runKeys } from '../domain/run-keys.ts';
import type { Using } from '../ports/port-access.ts';
import { readDocument } from './agent-documents.ts';

/** What the rules of a run found, and the agents that have published; undefined where the run has not looked yet. */
export const readFindings = async (
  ports: Using<{ documents: 'read' }>,
  { tenant, run_id, reports }: Pick<Run, 'tenant' | 'run_id' | 'reports'>,
): Promise<Findings | undefined> => {
  const keys = runKeys(run_id);
  const found = await readDocument(ports, tenant, keys.findings, Findings);
  if (found === undefined) return undefined;
  const own = await Promise.all(
    reports.map(({ agent }) => readDocument(ports, tenant, keys.agentFindings(agent), AgentFindings)),
  );
  return withAgentFindings(
    found,
    own.flatMap((findings) => findings ?? []),
  );
};

/** The findings of one agent as they are stored. */
export const AgentFindings = z.array(Finding).readonly();
