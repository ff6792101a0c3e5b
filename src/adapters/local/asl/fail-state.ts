import type { FailState } from './definition.ts';
import { StatesError } from './states-error.ts';
import { evaluateTyped, type Visit } from './visit.ts';

/** Fails with `Error` and `Cause`; both may be expressions, and both must be strings. */
export const runFail = async (state: FailState, visit: Visit): Promise<never> => {
  const text = (field: 'Error' | 'Cause'): Promise<string> | undefined =>
    state[field] === undefined ? undefined : evaluateTyped(visit, state[field], field, 'string');
  throw new StatesError(await text('Error'), await text('Cause'));
};
