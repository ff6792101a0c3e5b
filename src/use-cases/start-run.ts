import type { Caller } from '../contracts/caller.ts';
import { toFailure } from '../contracts/failure.ts';
import type { Run, RunAccepted } from '../contracts/run.ts';
import type { Using } from '../ports/port-access.ts';
import { beginExecution } from './begin-execution.ts';
import { type KeptStrings, noKeptStrings } from './kept-strings.ts';
import { newRun, type RunPlan } from './new-run.ts';

type StartPorts = Using<{ runs: 'read' | 'create' | 'write'; workflow: 'start' }, 'clock' | 'log'>;

/**
 * Starts a run: its record, its secrets, its execution, in this order, so that whoever comes again with the same run id
 * (a request that is sent twice, or after a crash in between) finds how far it got and goes on from there. An execution's
 * name and input are the run's, so two who start it at once start one.
 */
export const startRun = async (
  ports: StartPorts,
  caller: Caller,
  plan: RunPlan,
  kept: KeptStrings = noKeptStrings,
): Promise<RunAccepted> => {
  const { tenant } = caller;
  const { run_id, chain, sources, connectionStrings } = plan;
  const accepted: RunAccepted = { run_id, status_url: `/runs/${run_id}` };
  const known = await ports.runs.get(tenant, run_id);
  if (known !== undefined && (known.execution_id !== undefined || known.status !== 'running')) return accepted;

  const run = known ?? newRun(caller, plan, ports.clock.now());
  if (known === undefined) await createOnce(ports, run);
  const prepare = async (): Promise<void> => {
    for (const [source, text] of connectionStrings) await kept.keep(tenant, run_id, source, text);
  };
  await beginExecution(ports, run, { kept, prepare });
  ports.log.info('run started', { tenant, run_id, chain: chain.name, sources: sources.map(({ label }) => label) });
  return accepted;
};

/** Of two who start the same run at once the later finds it made, and goes on like who comes again. */
const createOnce = async ({ runs }: StartPorts, run: Run): Promise<void> => {
  try {
    await runs.create(run);
  } catch (thrown) {
    if (toFailure(thrown).kind !== 'CONFLICT') throw thrown;
  }
};
