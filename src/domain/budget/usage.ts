import type { Usage } from '../../contracts/budget.ts';
import type { Price } from './prices.ts';

/** Tokens of one call or of many, by kind. */
export type Tokens = Omit<Usage, 'dollars'>;

/** What a call has cost that nobody is billed for. */
export const noTokens: Tokens = { input_tokens: 0, output_tokens: 0, cache_read_tokens: 0, cache_write_tokens: 0 };

/** Nothing used yet. */
export const noUsage: Usage = { ...noTokens, dollars: 0 };

/** All tokens of a prompt: fresh, written to the cache and read from it. */
export const promptTokens = (tokens: Tokens): number =>
  tokens.input_tokens + tokens.cache_read_tokens + tokens.cache_write_tokens;

/** All tokens of a call, in and out. */
export const allTokens = (tokens: Tokens): number => promptTokens(tokens) + tokens.output_tokens;

/** What one call costs, in US dollars. */
export const costOf = (price: Price, tokens: Tokens): number => {
  const row = rowFor(price, promptTokens(tokens));
  return (
    (tokens.input_tokens * row.input +
      tokens.cache_write_tokens * row.cache_write +
      tokens.cache_read_tokens * row.cache_read +
      tokens.output_tokens * row.output) /
    1_000_000
  );
};

/** The row that a prompt of so many tokens is priced by. */
const rowFor = (price: Price, prompt: number): Omit<Price, 'model' | 'long_prompt'> =>
  price.long_prompt !== undefined && prompt > price.long_prompt.above ? price.long_prompt : price;
