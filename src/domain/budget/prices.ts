/** US dollars per million tokens. A prompt above `long_prompt.above` tokens is priced by that row, output included. */
export type Price = {
  readonly model: string;
  readonly input: number;
  readonly cache_write: number;
  readonly cache_read: number;
  readonly output: number;
  readonly long_prompt?: { readonly above: number } & Omit<Price, 'model' | 'long_prompt'>;
};

/**
 * List prices by model, as https://platform.claude.com/docs/en/about-claude/pricing had them on 2026-11-21; cache writes are
 * those that live for five minutes. The one place where prices stand.
 */
// prettier-ignore
export const prices: readonly Price[] = [
  { model: 'claude-fable-5-1', input: 10, cache_write: 12.5, cache_read: 0.25, output: 50 },
  { model: 'claude-fable-5', input: 10, cache_write: 12.5, cache_read: 1, output: 50 },
  { model: 'claude-opus-5-5', input: 4, cache_write: 5, cache_read: 0.2, output: 20 },
  { model: 'claude-opus-5', input: 5, cache_write: 6.25, cache_read: 0.5, output: 25 },
  // Cache reads cost 0.20 until 2026-10-07.
  { model: 'claude-sonnet-5-5', input: 2, cache_write: 2.5, cache_read: 0.1, output: 10 },
  { model: 'claude-sonnet-5', input: 2, cache_write: 2.5, cache_read: 0.2, output: 10 },
  {
    model: 'claude-haiku-5-5', input: 0.1, cache_write: 0.125, cache_read: 0.01, output: 0.5,
    long_prompt: { above: 100_000, input: 0.5, cache_write: 0.625, cache_read: 0.05, output: 2.5 },
  },
  { model: 'claude-haiku-4-5', input: 1, cache_write: 1.25, cache_read: 0.1, output: 5 },
  // The analyst that runs without a model.
  { model: 'deterministic', input: 0, cache_write: 0, cache_read: 0, output: 0 },
];

/** A model’s price, and whether the model is in the table at all. */
export type KnownPrice = { readonly price: Price; readonly known: boolean };

/** The price of a model; of one that is not in the table, the dearest of each kind, so that no budget is overrun unseen. */
export const priceOf = (model: string): KnownPrice => {
  // A snapshot's name ends with its date: claude-haiku-4-5-20251001.
  const family = model.replace(/-\d{8}$/, '');
  const price = prices.find((row) => row.model === family);
  return price === undefined ? { price: { ...dearest, model }, known: false } : { price, known: true };
};

const most = (read: (price: Price) => number): number => Math.max(...prices.map(read));

const dearest = {
  input: most((price) => price.input),
  cache_write: most((price) => price.cache_write),
  cache_read: most((price) => price.cache_read),
  output: most((price) => price.output),
} as const;
