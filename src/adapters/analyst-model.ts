import { analystTurn } from '../domain/analyst/analyst-turn.ts';
import type { Model } from '../ports/model.ts';

/** The analyst that needs no model: it plays the same protocol, costs nothing, and computes what it writes from the data. */
export const analystModel = (): Model => ({
  kind: 'deterministic',
  async reply({ messages }) {
    return {
      ...analystTurn(messages),
      usage: { input_tokens: 0, output_tokens: 0, cache_read_tokens: 0, cache_write_tokens: 0 },
    };
  },
});
