import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AgentSession, ModelWait } from '../../../src/contracts/agent.ts';
import { giveUpHeld, heldIn, holdCall, settleCall } from '../../../src/domain/budget/held-calls.ts';
import { nextWait } from '../../../src/domain/budget/model-wait.ts';
import { describeUse, exceededLimit, limitUses, secondsLeft } from '../../../src/domain/budget/limits.ts';
import { priceOf, prices } from '../../../src/domain/budget/prices.ts';
import { leastOutput, reserve } from '../../../src/domain/budget/reserve.ts';
import { costOf, noUsage } from '../../../src/domain/budget/usage.ts';

const unused: Pick<AgentSession, 'usage' | 'reserved_dollars' | 'turns' | 'held_calls'> = {
  usage: noUsage,
  reserved_dollars: 0,
  turns: 0,
};
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
    const settled = settleCall(settleCall(unused, undefined, sonnet, call), undefined, sonnet, call);
    expect(settled.usage).toEqual({
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
            output_tokens: held.tokens.output_tokens,
          });
          expect(cost).toBeLessThanOrEqual(held.dollars + 1e-12);
          expect(held.dollars).toBeLessThanOrEqual(dollars_left + 1e-9);
          expect(held.tokens.output_tokens).toBeGreaterThanOrEqual(leastOutput);
        },
      ),
    );
  });

  it('makes the answer shorter before it gives up', () => {
    const call = { price: sonnet, most_prompt_tokens: 10_000, max_output_tokens: 8_000 };
    expect(reserve({ ...call, dollars_left: 1 })).toMatchObject({ dollars: 0.105, tokens: { output_tokens: 8_000 } });
    expect(reserve({ ...call, dollars_left: 0.05 })?.tokens.output_tokens).toBe(2_500);
    expect(reserve({ ...call, dollars_left: 0.03 })).toBeUndefined();
  });
});

describe('A call that is held', () => {
  const tokens = fc.record({
    input_tokens: fc.nat(400_000),
    output_tokens: fc.nat(64_000),
    cache_read_tokens: fc.nat(400_000),
    cache_write_tokens: fc.nat(400_000),
  });

  it('counts as the most that it can cost, then as what it did, to the last hundred-millionth of a dollar', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...prices), tokens, tokens, fc.boolean()), { maxLength: 30 }),
        (calls) => {
          let session = unused;
          let exact = 0;
          for (const [index, [price, most, spent, isLost]] of calls.entries()) {
            const held = { call: `${index}`, turn: index + 1, tokens: most, dollars: costOf(price, most) };
            session = holdCall(session, held);
            exact += costOf(price, isLost ? most : spent);
            if (!isLost) session = settleCall(session, held.call, price, spent);
          }
          expect(session.usage.dollars).toBeCloseTo(exact, 9);
          expect(heldIn(session)).toHaveLength(calls.filter(([, , , isLost]) => isLost).length);
          const given = giveUpHeld({ ...session, turns: calls.length });
          expect([given.usage, heldIn(given)]).toEqual([session.usage, []]);
        },
      ),
      { seed: 11, numRuns: 300 },
    );
  });
});

describe('A wait for the model', () => {
  const at = new Date('2026-01-31T12:00:00.000Z');
  const waits = (told: (index: number) => number | undefined): readonly number[] => {
    const all: number[] = [];
    let wait: ModelWait | undefined;
    for (;;) {
      const next = nextWait(wait, { attempt: 1, turn: 1, at }, told(all.length));
      if (next === undefined) return all;
      ({ wait } = next);
      all.push(next.seconds);
    }
  };

  it('is as long as the service tells, never longer than 20 minutes in all, and of few rounds', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 400, noNaN: true }), { minLength: 1, maxLength: 50 }), (told) => {
        const all = waits((index) => told[index % told.length]);
        const sum = all.reduce((one, other) => one + other, 0);
        expect(sum).toBeLessThanOrEqual(1_200);
        expect(sum + Math.max(30, ...told.map(Math.ceil))).toBeGreaterThan(1_200);
        expect(all.length).toBeLessThanOrEqual(30 + 40);
        for (const [index, seconds] of all.entries())
          expect(seconds).toBeGreaterThanOrEqual(told[index % told.length]!);
      }),
      { seed: 11 },
    );
    expect(waits(() => 300)).toEqual([300, 300, 300, 300]);
    expect(waits(() => 1_201)).toEqual([]);
  });

  it('is longer each time where the service tells nothing', () => {
    const all = waits(() => undefined);
    expect(all.slice(0, 8)).toEqual([2, 4, 8, 16, 32, 64, 120, 120]);
    expect(all.reduce((one, other) => one + other, 0)).toBe(1_200);
  });

  it('begins anew in another attempt, and its guesses in another turn', () => {
    const { wait } = nextWait(undefined, { attempt: 1, turn: 1, at }, 1_000)!;
    expect(nextWait(wait, { attempt: 1, turn: 1, at }, 300)).toBeUndefined();
    expect(nextWait(wait, { attempt: 2, turn: 1, at }, 300)?.seconds).toBe(300);
    expect(nextWait(wait, { attempt: 1, turn: 2, at }, undefined)).toMatchObject({
      seconds: 2,
      wait: { seconds: 1_002 },
    });
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
