import * as z from 'zod';
import { Budget, Usage } from './budget.ts';
import { Name, RunId, Sha256, Tenant, Timestamp } from './common.ts';
import { FailureReport } from './failure-report.ts';
import { ToolName } from './tool-name.ts';

/** One file of `prompts/`: an agent as data. */
export const Prompt = z.strictObject({
  id: Name,
  version: z.int().positive(),
  model: z.string().min(1).max(200).describe('The default model; SURVEYOR_MODEL replaces it'),
  max_output_tokens: z.int().min(1024).max(128_000),
  system: z.string().min(1),
  context: z
    .string()
    .min(1)
    .describe('The first user message; {{name}} is replaced by that value of the context, as JSON'),
  tools: z.array(ToolName).min(1).readonly(),
  analyst: z
    .enum(['catalog', 'summary'])
    .optional()
    .describe('What is written in its place where no model is configured; absent: it needs a model'),
  shows_profile: z.boolean().default(false).describe('Whether its report shows the profile and the findings'),
  reads_reports: z.boolean().default(false).describe('Whether the reports there are lie in its working directory'),
  budget: Budget,
});
export type Prompt = z.infer<typeof Prompt>;

/** How an agent ended. */
export const AgentStatus = z.enum(['running', 'succeeded', 'failed', 'budget_exceeded']);
export type AgentStatus = z.infer<typeof AgentStatus>;

/**
 * A call of the model that was sent, or was about to be, and whose cost nobody has learned yet: it counts as the most that it can
 * cost. Of a process that was killed, of an answer that never came, it stays.
 */
export const HeldCall = z.strictObject({
  call: z.string().describe('Unique among those of the agent that are held'),
  turn: z.int().positive(),
  tokens: Usage.omit({ dollars: true }),
  dollars: z.number().nonnegative(),
});
export type HeldCall = z.infer<typeof HeldCall>;

/** How an agent has waited for a model service that takes no more requests. */
export const ModelWait = z.strictObject({
  attempt: z.int().positive().describe('Of the run; another one has its own'),
  turn: z.int().positive(),
  times: z.int().positive().describe('In a row, in this turn'),
  seconds: z.number().nonnegative().describe('Of all waits of the attempt'),
  until: Timestamp,
});
export type ModelWait = z.infer<typeof ModelWait>;

/** One agent's part of a run: what it was told, what it has used, how it ended. */
export const AgentSession = z.strictObject({
  tenant: Tenant,
  run_id: RunId,
  agent: Name,
  status: AgentStatus,
  attempt: z.int().positive().default(1).describe('The attempt of the run in which it runs, or ended'),
  opened_in: z
    .int()
    .positive()
    .optional()
    .describe('The attempt in which its conversation began, where that is not the first'),
  model: z.string(),
  prompt_version: z.int().positive(),
  prompt_hash: Sha256.describe('Of the prompt as it was used: its file and what was read from it'),
  budget: Budget,
  turns: z.int().nonnegative(),
  statements: z.int().nonnegative(),
  usage: Usage.describe(
    'What was billed, calls included that broke off; of those that are held, the most that they can cost',
  ),
  reserved_dollars: z.number().nonnegative().describe('Of the usage, what is held for the call that is under way'),
  held_calls: z.array(HeldCall).readonly().optional().describe('What of the usage is no known cost yet'),
  wrap_up_told: z.boolean(),
  report_submitted: z.boolean(),
  isolation: z.string().optional().describe('The jail around its Python, as the sandbox has tried it'),
  started_at: Timestamp,
  paused_seconds: z
    .number()
    .nonnegative()
    .optional()
    .describe(
      'Between the end of an attempt of the run and the next, and while the model service took no requests: not counted against the budget',
    ),
  model_wait: ModelWait.optional(),
  ended_at: Timestamp.optional(),
  failure: FailureReport.optional(),
});
export type AgentSession = z.infer<typeof AgentSession>;
