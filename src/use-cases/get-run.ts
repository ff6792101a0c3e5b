import type { AgentSession } from '../contracts/agent.ts';
import type { Run, RunSummary, RunView } from '../contracts/run.ts';
import { RunTotals } from '../contracts/run-totals.ts';
import { runKeys } from '../domain/run-keys.ts';
import type { PortsOf } from '../ports/port-access.ts';
import { readDocument } from './agent-documents.ts';
import { findRun } from './find-run.ts';

/** One run and its agents, as the API shows them. */
export const getRun = async (ports: PortsOf<'get-run', never>, tenant: string, runId: string): Promise<RunView> => {
  const run = await findRun(ports, tenant, runId);
  const sessions = await ports.sessions.list(tenant, runId);
  // Who watches a run asks twice a second; the totals are for its end.
  const totals =
    run.status === 'running' ? undefined : await readDocument(ports, tenant, runKeys(runId).totals, RunTotals);
  const console = ports.console.of(run);
  return {
    ...showRun(run),
    agents: sessions.map(showSession),
    ...(console === undefined ? {} : { console }),
    ...(totals === undefined ? {} : { totals }),
  };
};

/** A run without what is Surveyor's own affair. */
export const showRun = ({
  tenant: _tenant,
  execution_id: _execution,
  prompts: _prompts,
  publish,
  ...run
}: Run): RunSummary => ({
  ...run,
  ...publish,
});

const showSession = ({ tenant: _tenant, run_id: _run, ...session }: AgentSession): RunView['agents'][number] => session;
