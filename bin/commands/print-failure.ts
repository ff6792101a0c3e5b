import { failures } from '../../src/contracts/failure.ts';
import type { Failure } from '../../src/contracts/failure.ts';
import { colorsFor } from '../progress/display.ts';
import { printable } from '../progress/fit-text.ts';
import { commandText } from '../command-advice.ts';
import { commandPlace } from './command-place.ts';

/** A failure as a person reads it: what it is, then what was wrong and what to do, then where. */
export const failureText = (failure: Failure, colors = colorsFor({})): string => {
  const message = commandText(failure)
    .split('\n')
    .map((line) => `  ${printable(line)}`);
  const where = failure.where === undefined ? [] : [colors.dim(`  where: ${printable(commandPlace(failure.where))}`)];
  return [colors.red(`${failures[failure.kind].title} (${failure.kind})`), ...message, ...where].join('\n');
};

/** Prints a failure to stderr, as text or as data, and answers with the exit code of its row in the failure table. */
export const printFailure = (failure: Failure, json: boolean): number => {
  // To a program, the place is that of the request, by which the API names it too.
  const { kind, where, advice } = failure;
  const message = commandText(failure);
  process.stderr.write(
    `${json ? JSON.stringify({ failure: { kind, message, where, advice } }) : failureText(failure, colorsFor(process.stderr))}\n`,
  );
  // The stack of what nobody expected is worth more than its message; a failure that was foreseen has said all.
  if (kind === 'INTERNAL' && failure.cause instanceof Error && !json) process.stderr.write(`${failure.cause.stack}\n`);
  return failures[kind].exit_code;
};
