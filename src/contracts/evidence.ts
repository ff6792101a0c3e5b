import * as z from 'zod';
import { Name, Sha256, Timestamp } from './common.ts';
import { FailureReport } from './failure-report.ts';

/** A recorded statement or code cell and its result. */
export const Evidence = z.strictObject({
  evidence_id: z
    .string()
    .describe('`e` and the first 12 characters of the hash of kind, text and result: equal work has equal ids'),
  kind: z.enum(['sql', 'python']),
  origin: z
    .enum(['profile', 'rule', 'tool', 'kernel'])
    .describe('Who sent it: the profile, a rule, a tool call, or db.query inside Python'),
  agent: Name.optional(),
  source: Name.optional().describe('The database a statement was sent to'),
  text: z.string().describe('The statement or the code'),
  verdict: z.enum(['ran', 'refused', 'failed', 'timed_out']),
  result_hash: Sha256.optional().describe('Of the result as canonical JSON: keys sorted, no white space'),
  result_kept: z
    .enum(['whole', 'preview'])
    .optional()
    .describe(
      'Whether the result is kept whole, under its hash, or was too large and only its preview is; absent without a result, and in evidence from before results were kept',
    ),
  incomplete: z
    .array(z.string())
    .readonly()
    .optional()
    .describe('Why the engine says that the result is not the answer; no figure may be taken from it'),
  rows: z.number().nonnegative().optional(),
  bytes: z.number().nonnegative().optional(),
  preview: z.string().describe('The beginning of the result or of the error, at most 2,000 characters'),
  started_at: Timestamp,
  milliseconds: z.number().nonnegative(),
  failure: FailureReport.optional(),
});
export type Evidence = z.infer<typeof Evidence>;
