import * as z from 'zod';
import type { Severity } from './severity.ts';
import { ChangeState } from './change-state.ts';

const count = z.int().nonnegative();

/** What a survey came to, in numbers. */
export const RunTotals = z.strictObject({
  findings: z.strictObject({ high: count, medium: count, low: count } satisfies Record<Severity, typeof count>),
  changes: z
    // A run of an older version has fewer states.
    .partialRecord(ChangeState, count)
    .optional()
    .describe('Findings by what has become of them; absent where there is no earlier survey'),
  drift: count.describe('Differences between the profiles of this survey and the ones before'),
  gaps: count.describe(
    'What was asked for and not looked at: tables that could not be seen or measured, rules that could not look',
  ),
  tables_not_asked: count.describe('Tables that the survey was not to look at'),
});
export type RunTotals = z.infer<typeof RunTotals>;
