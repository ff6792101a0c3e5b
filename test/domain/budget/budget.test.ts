import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeUse, exceededLimit, limitUses, secondsLeft } from '../../../src/domain/budget/limits.ts';
import { priceOf, prices } from '../../../src/domain/budget/prices.ts';
import { leastOutput, reserve } from '../../../src/domain/budget/reserve.ts';
import { addCall, costOf, noUsage } from '../../../src/domain/budget/usage.ts';

const sonnet = priceOf('claude-sonnet-5-5').price;

describe('A price', () => {
  it('is found by the model, a dated snapshot included', () => {
    expect(sonnet).toMatchObject({ input: 2, cache_write: 2.5, cache_read: 0.1, output: 10 });
    expect(priceOf('claude-haiku-4-5-20251001')).toMatchObject({ known: true, price: { input: 1 } });
  });

  it('of an unknown model is the dearest of each kind, and said to be unknown', () => {
    const { price, known } = priceOf('claude-fable-5-2');
    expect(known).toBe(false);
    for (const row of prices) {
      expect(price.input).toBeGreaterThanOrEqual(row.input);
      expect(price.output).toBeGreaterThanOrEqual(row.output);
    }
  });

  it('adds up by kind of token', () => {
    const call = {
      input_tokens: 1_000_000,
      output_tokens: 100_000,
      cache_read_tokens: 2_000_000,
      cache_write_tokens: 400_000,
    };
    expect(costOf(sonnet, call)).toBeCloseTo(2 + 1 + 0.2 + 1, 10);
    expect(addCall(addCall(noUsage, sonnet, call), sonnet, call)).toEqual({
      input_tokens: 2_000_000,
      output_tokens: 200_000,
      cache_read_tokens: 4_000_000,
      cache_write_tokens: 800_000,
      dollars: expect.closeTo(8.4, 10),
    });
  });

  it('of a model that is priced by length rises for the whole call', () => {
    const { price } = priceOf('claude-haiku-5-5');
    const tokens = { input_tokens: 100_000, output_tokens: 1_000, cache_read_tokens: 0, cache_write_tokens: 0 };
    expect(costOf(price, tokens)).toBeCloseTo(0.0105, 10);
    expect(costOf(price, { ...tokens, cache_read_tokens: 1 })).toBeCloseTo(0.05 + 0.0025, 6);
  });

  it('of the deterministic analyst is nothing', () => {
    expect(
      costOf(priceOf('deterministic').price, {
        input_tokens: 9,
        output_tokens: 9,
        cache_read_tokens: 9,
        cache_write_tokens: 9,
      }),
    ).toBe(0);
  });
});

describe('A reservation', () => {
  it('covers whatever the call comes to, and never passes what is left', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...prices),
        fc.nat(400_000),
        fc.integer({ min: leastOutput, max: 64_000 }),
        fc.double({ min: 0, max: 5, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (price, most_prompt_tokens, max_output_tokens, dollars_left, used, cached) => {
          const held = reserve({ price, most_prompt_tokens, max_output_tokens, dollars_left });
          if (held === undefined) return;
          const prompt = Math.floor(most_prompt_tokens * used);
          const read = Math.floor(prompt * cached);
          const cost = costOf(price, {
            input_tokens: 0,
            cache_read_tokens: read,
            cache_write_tokens: prompt - read,
            output_tokens: held.max_output_tokens,
          });
          expect(cost).toBeLessThanOrEqual(held.dollars + 1e-12);
          expect(held.dollars).toBeLessThanOrEqual(dollars_left + 1e-9);
          expect(held.max_output_tokens).toBeGreaterThanOrEqual(leastOutput);
        },
      ),
    );
  });

  it('makes the answer shorter before it gives up', () => {
    const call = { price: sonnet, most_prompt_tokens: 10_000, max_output_tokens: 8_000 };
    expect(reserve({ ...call, dollars_left: 1 })).toEqual({ dollars: 0.105, max_output_tokens: 8_000 });
    expect(reserve({ ...call, dollars_left: 0.05 })?.max_output_tokens).toBe(2_500);
    expect(reserve({ ...call, dollars_left: 0.03 })).toBeUndefined();
  });
});

describe('The limits of a session', () => {
  const session = {
    budget: { tokens: 1_000, dollars: 1, turns: 10, statements: 10, seconds: 100 },
    turns: 5,
    statements: 10,
    usage: { ...noUsage, input_tokens: 400, cache_read_tokens: 300, dollars: 0.4 },
    started_at: '2026-01-31T12:00:00.000Z',
  };
  const now = new Date('2026-01-31T12:01:10.000Z');

  it('are told with the fullest first', () => {
    expect(limitUses(session, now).map(({ limit, share }) => [limit, share])).toEqual([['statements', 1], ['tokens', 0.7], ['seconds', 0.7], ['turns', 0.5], ['dollars', 0.4]]); // prettier-ignore
    expect(limitUses(session, now).map(describeUse)).toEqual([
      '10 of 10 statements',
      '700 of 1,000 tokens',
      '70 of 100 seconds',
      '5 of 10 turns',
      '$0.4000 of $1',
    ]);
  });

  it('leave the report to a session whose statements are used up, and end one that asked for more', () => {
    expect(exceededLimit(session, now)).toBeUndefined();
    expect(exceededLimit({ ...session, statements: 11 }, now)).toMatchObject({ limit: 'statements' });
  });

  it('end a session whose turns, tokens, dollars or seconds are used up', () => {
    expect(exceededLimit({ ...session, turns: 10 }, now)).toMatchObject({ limit: 'turns' });
    expect(exceededLimit({ ...session, usage: { ...session.usage, output_tokens: 300 } }, now)).toMatchObject({
      limit: 'tokens',
    });
    expect(exceededLimit({ ...session, usage: { ...session.usage, dollars: 1 } }, now)).toMatchObject({
      limit: 'dollars',
    });
    const later = new Date('2026-01-31T12:01:40.000Z');
    expect(exceededLimit(session, later)).toMatchObject({ limit: 'seconds' });
    expect([secondsLeft(session, now), secondsLeft(session, later)]).toEqual([30, 0]);
  });
});
