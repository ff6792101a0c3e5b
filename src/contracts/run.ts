import * as z from 'zod';
import { Actor, Trigger } from './actor.ts';
import { AgentSession } from './agent.ts';
import { BudgetOverride } from './budget.ts';
import { ConnectionString } from './catalog.ts';
import { Name, RunId, Sha256, Tenant, Timestamp } from './common.ts';
import { FailureReport } from './failure-report.ts';
import { RunConsole } from './run-console.ts';
import { RunTotals } from './run-totals.ts';

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

/** One database that a run surveys, as it may be shown: never a credential. */
export const RunSource = z.strictObject({
  name: Name.describe('By which agents and reports speak of it; unique in its run'),
  kind: z.enum(['dataset', 'connection', 'inline']),
  label: z.string().describe('The dataset, or the database without its user and password'),
  engine: z.string(),
  connection: Name.optional().describe('Of the kind `connection`: its name'),
  tables: z
    .array(z.string())
    .readonly()
    .optional()
    .describe('The tables that were asked for; absent means all, none that the database is opened and no more'),
  failure: FailureReport.optional().describe('Why it could not be surveyed, where the run went on without it'),
});
export type RunSource = z.infer<typeof RunSource>;

/** One report's two files in the object store, without the tenant. */
export const ReportRef = z.strictObject({ agent: Name, html_key: z.string(), json_key: z.string() });
export type ReportRef = z.infer<typeof ReportRef>;

/** Where the reports of a run go. */
export const Publish = z.strictObject({
  s3_prefix: z.string(),
  timestamp: z.string().describe('The run’s folder below the prefix: an ISO time that is safe in paths'),
});
export type Publish = z.infer<typeof Publish>;

/** What somebody did with a run. */
export const RunAct = z.strictObject({ act: z.enum(['cancel', 'resume']), actor: Actor, at: Timestamp });
export type RunAct = z.infer<typeof RunAct>;

/** One execution of a chain. */
export const Run = z.strictObject({
  tenant: Tenant,
  run_id: RunId,
  chain: z.strictObject({ name: Name, version: z.int().positive() }),
  status: RunStatus,
  sources: z.array(RunSource).readonly(),
  publish: Publish.optional().describe('Absent where the run publishes no report'),
  owner: Actor.optional().describe('For whom it runs: of a run that a schedule started, who made the schedule'),
  trigger: Trigger.optional().describe('What made it begin; absent, like owner and actor, in runs of older versions'),
  actor: Actor.optional().describe('Who started it'),
  acts: z.array(RunAct).readonly().optional().describe('What was done with it since'),
  budget: BudgetOverride.optional(),
  prompts: z
    .record(Name, Sha256)
    .readonly()
    .optional()
    .describe('What was in force for its agents when it began, by hash; absent in runs of older versions'),
  execution_id: z.string().optional(),
  attempt: z.int().positive().describe('1, and one more each time the run is resumed'),
  created_at: Timestamp,
  ended_at: Timestamp.optional(),
  failure: FailureReport.optional(),
  reports: z.array(ReportRef).readonly(),
});
export type Run = z.infer<typeof Run>;

/** A run as lists show it: where its reports go stands beside the rest, in the words of the request. */
export const RunSummary = z.strictObject({
  ...Run.omit({ tenant: true, execution_id: true, publish: true, prompts: true }).shape,
  ...Publish.partial().shape,
});
export type RunSummary = z.infer<typeof RunSummary>;

/** A run as the API shows it. */
export const RunView = z.strictObject({
  ...RunSummary.shape,
  agents: z.array(AgentSession.omit({ tenant: true, run_id: true })).readonly(),
  console: RunConsole.optional().describe('On AWS: where it is seen in the console, once it has begun'),
  totals: RunTotals.optional().describe('What it came to in numbers, once it has looked for findings'),
});
export type RunView = z.infer<typeof RunView>;

/** The body of `POST /runs/{id}/resume`. */
export const ResumeRequest = z.strictObject({
  db_conn_string: ConnectionString.optional().describe(
    'Again, where the run was started with one: it was deleted when the run ended. Needs the run to have one source',
  ),
  budget: BudgetOverride.optional().describe('Replaces the limits that it names'),
});
export type ResumeRequest = z.infer<typeof ResumeRequest>;

/** The answer to what is done with a run: where to look. */
export const RunAccepted = z.strictObject({
  run_id: RunId,
  status_url: z.string().describe('Path of the run in this API'),
});
export type RunAccepted = z.infer<typeof RunAccepted>;

/** One page of runs, newest first. */
export const RunPage = z.strictObject({
  runs: z.array(RunSummary).readonly(),
  next_cursor: z.string().optional(),
});
export type RunPage = z.infer<typeof RunPage>;
