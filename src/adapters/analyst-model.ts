import { noTokens } from '../domain/budget/usage.ts';
import { analystTurn } from '../domain/analyst/analyst-turn.ts';
import type { Model } from '../ports/model.ts';

/** The analyst that needs no model: it plays the same protocol, costs nothing, and writes from the data it is given. */
export const analystModel = (): Model => ({
  kind: 'deterministic',
  async reply(request) {
    return { ...analystTurn(request), usage: noTokens };
  },
});
