import * as z from 'zod';
import { FailureReport } from './failure-report.ts';

/** A failure as it goes through a state machine: `Error` is its kind, and all else that there is to it is in `Cause`. */

const Told = FailureReport.omit({ kind: true });
/** The cause of an execution that a state started. */
const Execution = z.object({ Error: z.string(), Cause: z.string().default('') });
/** What Lambda makes of an error that a function throws. */
const Thrown = z.object({ errorMessage: z.string() });

/**
 * All of a failure but its kind as one text, for a function to throw and a machine to carry: its message alone where it
 * says no more than that, else JSON in which the message comes first, so that a cause that is cut still tells it.
 */
export const causeOf = (report: FailureReport): string => {
  const { message, where, excerpt, advice } = report;
  return where === undefined && excerpt === undefined && advice === undefined
    ? message
    : JSON.stringify({ message, where, excerpt, advice } satisfies z.input<typeof Told>);
};

/**
 * The failure behind an error and a cause of Step Functions, whose cause is one that `causeOf` made, or holds one: Lambda
 * and a state that starts an execution put it into JSON of their own. Of a cause that was cut, what is left is told.
 */
export const reportOfCause = (error: string, cause: string): FailureReport => {
  const json = parseJson(cause);
  const execution = Execution.safeParse(json);
  if (execution.success) return reportOfCause(execution.data.Error, execution.data.Cause);
  const thrown = Thrown.safeParse(json);
  if (thrown.success) return reportOfText(error, thrown.data.errorMessage);
  const beginning = beginningOf('errorMessage', cause);
  if (beginning !== undefined) return { kind: error, message: `${beginningOf('message', beginning) ?? beginning}…` };
  // The engine says nothing more of a timeout than its name.
  if (cause === '' && error === 'States.Timeout')
    return { kind: error, message: 'It took longer than it may, and was stopped.' };
  return reportOfText(error, cause);
};

const reportOfText = (kind: string, text: string): FailureReport => {
  const told = Told.safeParse(parseJson(text));
  if (told.success) return { kind, ...told.data };
  const beginning = beginningOf('message', text);
  return { kind, message: beginning === undefined ? text : `${beginning}…` };
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** What is there of a field's text in JSON that was cut inside of it, or behind. */
const beginningOf = (field: string, json: string): string | undefined => {
  const [, text] = new RegExp(`^\\{(?:"\\w+":"[^"]*",)*?"${field}":"((?:[^"\\\\]|\\\\.)*)`).exec(json) ?? [];
  if (text === undefined) return undefined;
  const whole: unknown = parseJson(`"${text.replace(/\\u[0-9a-f]{0,3}$/i, '')}"`);
  return typeof whole === 'string' ? whole : '';
};
