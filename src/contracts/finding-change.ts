import * as z from 'zod';
import { ChangeState } from './change-state.ts';
import { RunRef } from './common.ts';
import { Finding, NotLookedAt } from './finding.ts';

/** One finding, of this run or of an earlier one, and what has become of it. */
export const FindingChange = z.strictObject({
  key: z.string(),
  state: ChangeState,
  before: z.number().nonnegative().optional().describe('The rows that were wrong then'),
  since: RunRef.optional().describe('The run it is compared with'),
  reason: NotLookedAt.shape.reason.optional().describe('Why this run did not look; of `not_looked_at`'),
  detail: z.string().optional().describe('Why it is not compared, not looked at or dropped, in a sentence'),
  earlier: Finding.optional().describe('The finding as it was, where this run has none; sources named as in this run'),
});
export type FindingChange = z.infer<typeof FindingChange>;

/** What has become of the findings of one place in the object store; `since` is absent on the first survey. */
export const FindingChanges = z.strictObject({
  since: RunRef.optional().describe('The newest earlier run that surveyed one of these databases'),
  without_findings: z
    .array(RunRef)
    .readonly()
    .describe('Earlier runs that kept no findings as data, so that nothing can be compared with them'),
  is_cut: z.boolean().describe('Whether runs still further back were not read, which might have looked at more'),
  changes: z.array(FindingChange).readonly(),
  outside: z
    .int()
    .positive()
    .optional()
    .describe('Findings of earlier runs that rest on tables outside this run, which tells no more of them'),
});
export type FindingChanges = z.infer<typeof FindingChanges>;
