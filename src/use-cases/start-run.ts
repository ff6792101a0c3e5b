import type { Trigger } from '../contracts/actor.ts';
import type { Caller } from '../contracts/caller.ts';
import type { Chain } from '../contracts/chain.ts';
import { reportOf } from '../contracts/failure-report.ts';
import { type Failure, toFailure } from '../contracts/failure.ts';
import type { Run, RunAccepted, RunSource } from '../contracts/run.ts';
import { executionInput } from '../domain/run/execution-name.ts';
import { inlineSecretName, reportTimestamp } from '../domain/run-keys.ts';
import type { Using } from '../ports/port-access.ts';

type StartPorts = Using<
  { runs: 'read' | 'create' | 'write'; secrets: 'put' | 'delete'; workflow: 'start' },
  'clock' | 'log'
>;

/** A run as it is asked for. */
export type RunPlan = Pick<Run, 'run_id' | 'budget'> & {
  readonly trigger: Trigger;
  /** Where its reports go; absent where it has none. */
  readonly s3_prefix?: string;
  /** Its machine is deployed under its name. */
  readonly chain: Pick<Chain, 'name' | 'version'>;
  readonly sources: readonly RunSource[];
  /** Credentials that came with the request, by the source's name. */
  readonly connectionStrings: ReadonlyMap<string, string>;
};

/**
 * Starts a run: its record, its secrets, its execution, in this order, so that whoever comes again with the same run id
 * (a request that is sent twice, or after a crash in between) finds how far it got and goes on from there. An execution's
 * name and input are the run's, so two who start it at once start one.
 */
export const startRun = async (ports: StartPorts, caller: Caller, plan: RunPlan): Promise<RunAccepted> => {
  const { tenant, actor } = caller;
  const { run_id, chain, sources, connectionStrings, s3_prefix, trigger } = plan;
  const accepted: RunAccepted = { run_id, status_url: `/runs/${run_id}` };
  const known = await ports.runs.get(tenant, run_id);
  if (known !== undefined && (known.execution_id !== undefined || known.status !== 'running')) return accepted;

  const now = ports.clock.now();
  if (known === undefined) {
    await ports.runs.create({
      tenant,
      run_id,
      chain: { name: chain.name, version: chain.version },
      status: 'running',
      sources,
      ...(s3_prefix === undefined ? {} : { publish: { s3_prefix, timestamp: reportTimestamp(now) } }),
      owner: actor,
      trigger,
      actor,
      ...(plan.budget === undefined ? {} : { budget: plan.budget }),
      attempt: 1,
      created_at: now.toISOString(),
      reports: [],
    });
  }
  try {
    for (const [source, text] of connectionStrings)
      await ports.secrets.put(tenant, inlineSecretName(run_id, source), text);
    const { execution_id } = await ports.workflow.start({
      machine: chain.name,
      name: run_id,
      input: executionInput({ tenant, run_id, attempt: 1 }),
    });
    await ports.runs.setExecution(tenant, run_id, 1, execution_id);
  } catch (thrown) {
    const failure = toFailure(thrown);
    await giveUp(ports, tenant, plan, failure);
    throw failure;
  }
  ports.log.info('run started', { tenant, run_id, chain: chain.name, sources: sources.map(({ label }) => label) });
  return accepted;
};

/** No execution means no status-change event: what settle-run would do has to be done here. */
const giveUp = async (
  ports: StartPorts,
  tenant: string,
  { run_id, connectionStrings }: RunPlan,
  failure: Failure,
): Promise<void> => {
  for (const source of connectionStrings.keys()) await ports.secrets.delete(tenant, inlineSecretName(run_id, source));
  await ports.runs.settle(tenant, run_id, {
    attempt: 1,
    status: 'failed',
    ended_at: ports.clock.now().toISOString(),
    failure: reportOf(failure),
  });
};
