import { Severity } from './severity.ts';
import type { RunTotals } from './run-totals.ts';

/**
 * The outcome table: what a survey that succeeded came to, the graver below the lighter. What fails instead is a row of
 * the failure table, whose exit codes are others.
 */
export const outcomes = {
  succeeded: { exit_code: 0, title: 'All that was asked for was looked at' },
  succeeded_with_gaps: {
    exit_code: 60,
    title: 'Something that was asked for was not looked at: a table, or a rule on a table',
  },
  drift: { exit_code: 61, title: 'The data differ from the survey before; with --fail-on drift' },
  findings: { exit_code: 62, title: 'There are findings of a severity; with --fail-on high, medium or low' },
  requirements: { exit_code: 63, title: 'A requirement is broken; kept for later, nothing ends with it yet' },
} as const satisfies Record<string, { readonly exit_code: number; readonly title: string }>;

/** The name of an outcome: its row in the table. */
export type Outcome = keyof typeof outcomes;

/** What somebody may want to be an outcome of its own: findings of a severity and worse, or any drift. */
export const failOnChoices = ['high', 'medium', 'low', 'drift'] as const satisfies readonly (Severity | 'drift')[];
export type FailOn = (typeof failOnChoices)[number];

/** Whether a severity is the given one or worse. */
export const isAtLeast = (severity: Severity, least: Severity): boolean =>
  Severity.options.indexOf(severity) <= Severity.options.indexOf(least);

/** What a survey came to: the gravest outcome that applies. A run without totals surveyed nothing, so it has no gap. */
export const outcomeOf = (totals: RunTotals | undefined, failOn: readonly FailOn[] = []): Outcome => {
  if (totals === undefined) return 'succeeded';
  const isFound = (least: FailOn): boolean =>
    least !== 'drift' && Severity.options.some((one) => isAtLeast(one, least) && totals.findings[one] > 0);
  if (failOn.some(isFound)) return 'findings';
  if (failOn.includes('drift') && totals.drift > 0) return 'drift';
  return totals.gaps > 0 ? 'succeeded_with_gaps' : 'succeeded';
};
