import * as z from 'zod';
import { Name, Timestamp } from './common.ts';
import { FailureReport } from './failure-report.ts';

/** What a run did: one state of its execution, read from the execution's history. */
export const Step = z.strictObject({
  step_id: z.string().describe('Unique in the run; sorts in the order of start'),
  key: z
    .string()
    .optional()
    .describe(
      'What the step is, such as `profile/table/main/orders`: the same in every attempt and however it is retried. With attempt and try, unique in the run. Absent, as these are, in steps of older versions',
    ),
  attempt: z.int().positive().optional().describe('Of the run'),
  try: z.int().positive().optional().describe('1, and one more each time an attempt comes by the same step again'),
  parent_id: z.string().optional().describe('The step (a Map, an agent) that this one is part of'),
  name: z.string().describe('The state’s name'),
  kind: z
    .enum(['node', 'turn', 'tool', 'table', 'check', 'question', 'script', 'approval', 'wait', 'control'])
    .describe(
      '`table`: one is measured; `check`: the rules look at one, or a requirement is judged; `question`: one of a conversation; `wait`: time passes; `control`: what Surveyor does around them',
    ),
  detail: z
    .string()
    .optional()
    .describe('The table, the beginning of the statement or code, or how far the sandbox is that a run waits for'),
  source: Name.optional().describe('Of a table and a check: the database of the run that it is in'),
  status: z.enum(['running', 'succeeded', 'failed']),
  started_at: Timestamp,
  ended_at: Timestamp.optional(),
  tokens: z.int().nonnegative().optional(),
  dollars: z.number().nonnegative().optional(),
  failure: FailureReport.optional(),
});
export type Step = z.infer<typeof Step>;

/** The steps of one run, in the order of their start. */
export const StepList = z.strictObject({ steps: z.array(Step).readonly() });
export type StepList = z.infer<typeof StepList>;
