import { z } from 'zod';
import { AgentSession } from './agent.ts';
import { BudgetOverride } from './budget.ts';
import { FailureReport, Name, RunId, Tenant, Timestamp } from './common.ts';

/** How a run stands. Every run ends in exactly one of the words after `running`. */
export const RunStatus = z.enum([
  'running',
  'succeeded',
  'failed',
  'cancelled',
  'timed_out',
  'budget_exceeded',
  'interrupted',
]);
export type RunStatus = z.infer<typeof RunStatus>;

/** What a run surveys, as it may be shown: never a credential. */
export const RunSource = z.strictObject({
  kind: z.enum(['dataset', 'inline']),
  label: z.string().describe('The dataset, or the database without its user and password'),
  engine: z.string(),
});
export type RunSource = z.infer<typeof RunSource>;

/** One report's two files in the object store, without the tenant. */
export const ReportRef = z.strictObject({ agent: Name, html_key: z.string(), json_key: z.string() });
export type ReportRef = z.infer<typeof ReportRef>;

/** One execution of a chain. */
export const Run = z.strictObject({
  tenant: Tenant,
  run_id: RunId,
  chain: z.strictObject({ name: Name, version: z.int().positive() }),
  status: RunStatus,
  source: RunSource,
  tables: z.array(z.string()).readonly().optional().describe('The tables that were asked for; absent means all'),
  s3_prefix: z.string(),
  timestamp: z.string().describe('The run’s folder below the prefix: an ISO time that is safe in paths'),
  budget: BudgetOverride.optional(),
  execution_id: z.string().optional(),
  created_at: Timestamp,
  ended_at: Timestamp.optional(),
  failure: FailureReport.optional(),
  reports: z.array(ReportRef).readonly(),
});
export type Run = z.infer<typeof Run>;

/** A run as the API shows it. */
export const RunView = z.strictObject({
  ...Run.omit({ tenant: true, execution_id: true }).shape,
  agents: z.array(AgentSession.omit({ tenant: true, run_id: true })).readonly(),
});
export type RunView = z.infer<typeof RunView>;

/** One page of runs, newest first. */
export const RunPage = z.strictObject({
  runs: z.array(Run.omit({ tenant: true, execution_id: true })).readonly(),
  next_cursor: z.string().optional(),
});
export type RunPage = z.infer<typeof RunPage>;
