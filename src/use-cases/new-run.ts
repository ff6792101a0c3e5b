import type { Caller } from '../contracts/caller.ts';
import type { Run } from '../contracts/run.ts';
import { reportTimestamp } from '../domain/run-keys.ts';
import type { RunPlan } from './start-run.ts';

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
  attempt: 1,
  created_at: now.toISOString(),
  reports: [],
});
