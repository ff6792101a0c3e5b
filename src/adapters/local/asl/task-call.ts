import type { Interpreter } from './flow.ts';
import { StatesError } from './states-error.ts';

/** One attempt of a task: what it was given, and how it says that its work has been handed over. */
export type TaskCall = {
  readonly interpreter: Interpreter;
  /** The id of the execution that the task is part of. */
  readonly execution: string;
  readonly args: unknown;
  readonly signal: AbortSignal;
  readonly heartbeatSeconds: number | undefined;
  /** Set for resources that wait for a token: what was sent for it. */
  readonly answer: Promise<unknown> | undefined;
  submitted(output: unknown): void;
};

/** A field of a task's arguments that must be a string. Fails with States.Runtime, as Step Functions does. */
export const stringArgument = (args: unknown, field: string): string => {
  const value = argument(args, field);
  if (typeof value === 'string' && value !== '') return value;
  throw new StatesError('States.Runtime', `The parameter '${field}' of the task must be a string that is not empty`);
};

/** A field of a task's arguments. */
export const argument = (args: unknown, field: string): unknown =>
  typeof args === 'object' && args !== null && Object.hasOwn(args, field)
    ? (args as Readonly<Record<string, unknown>>)[field]
    : undefined;
