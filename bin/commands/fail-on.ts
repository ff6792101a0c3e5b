import { InvalidArgumentError, Option } from 'commander';
import { type FailOn, failOnChoices, type Outcome, outcomeOf, outcomes } from '../../src/contracts/outcome.ts';
import type { RunTotals } from '../../src/contracts/run-totals.ts';

/** What `--fail-on` was given. */
export type FailOnOptions = { readonly failOn?: readonly FailOn[] };

const read = (text: string): readonly FailOn[] =>
  text.split(',').map((given) => {
    const found = failOnChoices.find((choice) => choice === given.trim().toLowerCase());
    if (found !== undefined) return found;
    throw new InvalidArgumentError(`Give one or more of ${failOnChoices.join(', ')}, separated by commas.`);
  });

/** `--fail-on high,drift`: what somebody wants to be told by the exit code, which of a run under way is that of its end. */
export const failOnOption = (waits: '' | '; implies --watch' = ''): Option =>
  new Option(
    '--fail-on <what>',
    `end with exit code ${outcomes.findings.exit_code} where there are findings of this severity or worse (high, medium, low), with ${outcomes.drift.exit_code} where the data changed (drift); several separated by commas${waits}`,
  ).argParser(read);

/** Lets the command end with the exit code of what a survey came to, and says which outcome that is. */
export const endWithOutcome = (totals: RunTotals | undefined, { failOn }: FailOnOptions): Outcome => {
  const outcome = outcomeOf(totals, failOn);
  process.exitCode = outcomes[outcome].exit_code;
  return outcome;
};

/** The outcomes and their exit codes, as help lists them. */
export const outcomesHelp = (): string =>
  Object.entries(outcomes)
    .map(([name, { exit_code, title }]) => `  ${String(exit_code).padStart(3)}  ${name}: ${title}`)
    .join('\n');
