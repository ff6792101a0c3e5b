import type { Price } from './prices.ts';
import { type Tokens, costOf } from './usage.ts';

/** The smallest answer worth paying for; a call that has not even room for this is not made. */
export const leastOutput = 1_024;

/** What a call may cost at most, in dollars and in tokens, of which those of the answer are its limit. */
export type Reservation = { readonly dollars: number; readonly tokens: Tokens };

/**
 * Holds the most that a call could cost: every token of its prompt written to the cache (the dearest that can happen to
 * it) and every token of its answer used. Where that does not fit, the answer is made shorter until it does; undefined where
 * even a short one does not fit.
 */
export const reserve = (call: {
  readonly price: Price;
  readonly most_prompt_tokens: number;
  readonly max_output_tokens: number;
  readonly dollars_left: number;
}): Reservation | undefined => {
  const { price, most_prompt_tokens, max_output_tokens, dollars_left } = call;
  const tokens = (output: number): Tokens => ({
    input_tokens: 0,
    cache_read_tokens: 0,
    cache_write_tokens: most_prompt_tokens,
    output_tokens: output,
  });
  const cost = (output: number): number => costOf(price, tokens(output));
  const perToken = cost(1) - cost(0);
  const affordable = perToken > 0 ? Math.floor((dollars_left - cost(0)) / perToken) : max_output_tokens;
  const output = Math.min(max_output_tokens, affordable);
  return output < leastOutput ? undefined : { dollars: cost(output), tokens: tokens(output) };
};
