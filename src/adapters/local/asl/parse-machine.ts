import type * as z from 'zod';
import { Failure } from '../../../contracts/failure.ts';
import { checkMachine } from './check-machine.ts';
import { Machine } from './definition.ts';

/** A place in a definition, told by its innermost state: `state "Ask the model": Retry[0].MaxAttempts`. */
const describePlace = (path: readonly PropertyKey[]): string => {
  const at = path.lastIndexOf('States');
  const state = at >= 0 && at + 1 < path.length ? `state "${String(path[at + 1])}"` : 'the machine';
  const field = path.slice(at >= 0 ? at + 2 : 0).reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
  return field === '' ? state : `${state}: ${field}`;
};

// A union reports one bare "Invalid input"; what its alternatives say is what helps.
const describeIssue = (issue: z.core.$ZodIssue): string => {
  const reasons =
    issue.code === 'invalid_union' && issue.errors.length > 0
      ? issue.errors.map((alternative) => alternative.map(({ message }) => message).join(', ')).join(', or ')
      : issue.message;
  return `${describePlace(issue.path)}: ${reasons}`;
};

/** A definition as a machine that this engine can run. Fails with INVALID_REQUEST, naming every fault and its state. */
export const parseMachine = (name: string, definition: unknown): Machine => {
  const parsed = Machine.safeParse(definition);
  const faults = parsed.success ? checkMachine(parsed.data) : parsed.error.issues.map(describeIssue);
  if (parsed.success && faults.length === 0) return parsed.data;
  throw new Failure(
    'INVALID_REQUEST',
    `State machine "${name}" is not Amazon States Language that this engine runs. Correct the definition: ${faults.join('; ')}.`,
    { where: name },
  );
};
