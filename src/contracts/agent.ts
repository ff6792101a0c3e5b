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
  usage: Usage,
  reserved_dollars: z.number().nonnegative().describe('Held for the call that is under way'),
  wrap_up_told: z.boolean(),
  report_submitted: z.boolean(),
  isolation: z.string().optional().describe('The jail around its Python, as the sandbox has tried it'),
  started_at: Timestamp,
  paused_seconds: z
    .number()
    .nonnegative()
    .optional()
    .describe('Between the end of an attempt of the run and the next: not counted against the budget'),
  ended_at: Timestamp.optional(),
  failure: FailureReport.optional(),
});
export type AgentSession = z.infer<typeof AgentSession>;
