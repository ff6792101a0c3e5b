import type { PassState } from './definition.ts';
import { leave, type Outcome, type Visit } from './visit.ts';

/** Hands the input on, or what `Output` makes of it. */
export const runPass = (state: PassState, visit: Visit): Promise<Outcome> => leave(visit, state, visit.input);
