import * as z from 'zod';
import { Name } from './common.ts';
import { Severity } from './severity.ts';
import type { ToolName } from './tool-name.ts';

/** A finding as an agent submits it: it has no key yet, and its figures are held against the evidence that it names. */
export const SubmittedFinding = z.strictObject({
  rule: Name.describe('What kind of flaw it is, in an id of your own that begins with "agent-": agent-unit-mixed'),
  severity: Severity,
  source: Name.optional().describe('Which database; needed where the survey has several'),
  table: z.string().min(1),
  columns: z.array(z.string()).max(20).readonly().default([]).describe('None: the rows as a whole'),
  rows: z.number().nonnegative().describe('The rows that are wrong, as they stand in the result of the evidence'),
  of: z.number().nonnegative().optional().describe('The rows that were looked at'),
  examples: z.array(z.string().max(200)).max(5).readonly().default([]).describe('Never personal data'),
  evidence: z.array(z.string()).min(1).max(20).readonly().describe('Ids of the results that hold the figures'),
  title: z.string().min(1).max(200),
  detail: z.string().min(1).max(2_000).describe('What was counted, in full sentences'),
  advice: z.string().min(1).max(1_000),
  check: z.string().max(10_000).optional().describe('One SELECT that returns the offending rows, and none once mended'),
});
export type SubmittedFinding = z.infer<typeof SubmittedFinding>;

/**
 * The tool table: what each tool takes, what it does (`reads` what the run has recorded, `runs` model-written work in the
 * sandbox, `publishes` a report), and who may call it: the agent of a run, or a conversation, which has no report.
 */
export const tools = {
  execute_sql: {
    effect: 'runs',
    callers: ['run', 'conversation'],
    input: z.strictObject({
      sql: z.string().min(1).describe('One SELECT statement in the SQL of the database’s engine'),
      source: z.string().optional().describe('Which database; needed where the survey has several'),
    }),
  },
  execute_python: {
    effect: 'runs',
    callers: ['run', 'conversation'],
    input: z.strictObject({
      code: z.string().min(1).describe('Python 3 code; the value of a last expression is shown'),
    }),
  },
  describe_table: {
    effect: 'reads',
    callers: ['run', 'conversation'],
    input: z.strictObject({
      table: z.string().min(1).describe('As the map of tables names it'),
      source: z.string().optional().describe('Which database; needed where the survey has several'),
    }),
  },
  submit_html: {
    effect: 'publishes',
    callers: ['run'],
    input: z.strictObject({
      content: z.string().min(1).describe('The body of the report as HTML'),
      findings: z.array(SubmittedFinding).max(100).readonly().optional().describe('What you found beyond the rules'),
    }),
  },
} as const satisfies Readonly<Record<ToolName, ToolRow>>;

/** One row of the tool table. */
export type ToolRow = {
  readonly effect: 'reads' | 'runs' | 'publishes';
  readonly callers: readonly ToolCaller[];
  readonly input: z.ZodObject;
};

/** Who calls a tool. */
export type ToolCaller = 'run' | 'conversation';

/** What a tool takes, once it has been checked. */
export type ToolInput<T extends ToolName> = z.infer<(typeof tools)[T]['input']>;
