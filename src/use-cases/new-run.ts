import type { Actor, Trigger } from '../contracts/actor.ts';
import type { Caller } from '../contracts/caller.ts';
import type { Chain } from '../contracts/chain.ts';
import type { Run, RunSource } from '../contracts/run.ts';
import { reportTimestamp } from '../domain/run-keys.ts';

/** A run as it is asked for. */
export type RunPlan = Pick<Run, 'run_id' | 'budget' | 'prompts'> & {
  readonly trigger: Trigger;
  /** For whom it runs, where that is not who starts it. */
  readonly owner?: Actor;
  /** Where its reports go; absent where it has none. */
  readonly s3_prefix?: string;
  /** Its machine is deployed under its name. */
  readonly chain: Pick<Chain, 'name' | 'version'>;
  readonly sources: readonly RunSource[];
  /** Credentials that came with the request, by the source's name. */
  readonly connectionStrings: ReadonlyMap<string, string>;
};

/** The record of a run that begins now. */
export const newRun = ({ tenant, actor }: Caller, plan: RunPlan, now: Date): Run => ({
  tenant,
  run_id: plan.run_id,
  chain: { name: plan.chain.name, version: plan.chain.version },
  status: 'running',
  sources: plan.sources,
  ...(plan.s3_prefix === undefined ? {} : { publish: { s3_prefix: plan.s3_prefix, timestamp: reportTimestamp(now) } }),
  owner: plan.owner ?? actor,
  trigger: plan.trigger,
  actor,
  ...(plan.budget === undefined ? {} : { budget: plan.budget }),
  ...(plan.prompts === undefined ? {} : { prompts: plan.prompts }),
  attempt: 1,
  created_at: now.toISOString(),
  reports: [],
});
