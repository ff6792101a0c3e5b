import * as z from 'zod';

/** The most that one agent may use in one run. */
export const Budget = z.strictObject({
  tokens: z.int().positive().max(100_000_000).describe('Input, output, cache-read and cache-write tokens together'),
  dollars: z.number().positive().max(10_000).describe('US dollars at list price'),
  turns: z.int().positive().max(150).describe('Calls of the model'),
  statements: z.int().positive().max(10_000).describe('SQL statements, those sent from Python included'),
  seconds: z.int().positive().max(86_400).describe('Wall-clock seconds from the start of the agent'),
});
export type Budget = z.infer<typeof Budget>;

/** A request's own limits: each replaces the prompt's, for every agent of the run. */
export const BudgetOverride = Budget.partial();
export type BudgetOverride = z.infer<typeof BudgetOverride>;

/** What the calls of the model have used, by kind of token, with the price in US dollars. */
export const Usage = z.strictObject({
  input_tokens: z.int().nonnegative().describe('Not read from and not written to the cache'),
  output_tokens: z.int().nonnegative(),
  cache_read_tokens: z.int().nonnegative(),
  cache_write_tokens: z.int().nonnegative(),
  dollars: z.number().nonnegative(),
});
export type Usage = z.infer<typeof Usage>;
