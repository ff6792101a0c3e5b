import * as z from 'zod';
import { RunId, RunRef } from './common.ts';
import { Finding, NotLookedAt } from './finding.ts';
import { FindingChange } from './finding-change.ts';
import { RunStatus } from './run.ts';
import { RunTotals } from './run-totals.ts';

/** A finding and what has become of it since the runs before; `change` is absent where nothing was compared. */
export const ListedFinding = z.strictObject({
  ...Finding.shape,
  change: FindingChange.omit({ key: true, earlier: true }).optional(),
});
export type ListedFinding = z.infer<typeof ListedFinding>;

/** One page of a run's findings, the most severe first. */
export const FindingPage = z.strictObject({
  run_id: RunId,
  status: RunStatus,
  since: RunRef.optional().describe('The newest earlier run under the prefix that surveyed one of these databases'),
  totals: RunTotals.describe('Of the whole run, whatever was asked for here'),
  matching: z.int().nonnegative().describe('How many findings there are on all pages'),
  findings: z.array(ListedFinding).readonly(),
  not_looked_at: z
    .array(NotLookedAt)
    .readonly()
    .optional()
    .describe('Where there may be findings that nobody has looked for; on the first page alone'),
  next_cursor: z.string().optional(),
});
export type FindingPage = z.infer<typeof FindingPage>;
