import type { SucceedState } from './definition.ts';
import { leave, type Outcome, type Visit } from './visit.ts';

/** Ends the block with the input, or with what `Output` makes of it. */
export const runSucceed = (state: SucceedState, visit: Visit): Promise<Outcome> => leave(visit, state, visit.input);
