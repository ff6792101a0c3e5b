import { failures } from '../../src/contracts/failure.ts';
import type { Failure } from '../../src/contracts/failure.ts';
import { colorsFor } from '../progress/display.ts';
import { printable } from '../progress/fit-text.ts';
import { printableJson } from '../progress/printable-json.ts';
import { commandText } from '../command-advice.ts';
import { commandPlace } from './command-place.ts';

/** Lines as they may go to a terminal, all of them indented. */
const linesOf = (text: string, indent: string): readonly string[] =>
  text.split('\n').map((line) => `${indent}${printable(line)}`);

/** A failure as a person reads it: what it is, then what was wrong and what to do, then where. */
export const failureText = (failure: Failure, colors = colorsFor({}), words: readonly string[] = []): string => {
  const message = linesOf(commandText(failure), '  ');
  const where =
    failure.where === undefined ? [] : [colors.dim(`  where: ${printable(commandPlace(failure.where, words))}`)];
  return [colors.red(`${failures[failure.kind].title} (${failure.kind})`), ...message, ...where].join('\n');
};

/**
 * The stack of what nobody expected is worth more than its message; a failure that was foreseen has said all. What was thrown
 * may repeat what a service sent.
 */
const stackText = ({ kind, cause }: Failure): readonly string[] =>
  kind === 'INTERNAL' && cause instanceof Error ? linesOf(cause.stack ?? cause.message, '    ') : [];

/**
 * Prints a failure to stderr, as text or as data, and answers with the exit code of its row in the failure table. `words` are
 * those of the command.
 */
export const printFailure = (failure: Failure, words: readonly string[]): number => {
  // To a program, the place is that of the request, by which the API names it too.
  const { kind, where, advice } = failure;
  const message = commandText(failure);
  const text = words.includes('--json')
    ? [printableJson({ failure: { kind, message, where, advice } })]
    : [failureText(failure, colorsFor(process.stderr), words), ...stackText(failure)];
  process.stderr.write(`${text.join('\n')}\n`);
  return failures[kind].exit_code;
};
