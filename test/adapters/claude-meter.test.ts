import type { RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages/messages';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ClaudeMeter, claudeMeter } from '../../src/adapters/claude-meter.ts';

const input = { input_tokens: 50_000, output_tokens: 1, cache_creation_input_tokens: 20_000 };
const start = (usage: unknown) => ({ type: 'message_start', message: { usage } });
const told = (usage: unknown) => ({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage });
const text = (words: number) => ({
  type: 'content_block_delta',
  index: 0,
  delta: { type: 'text_delta', text: 'word '.repeat(words) },
});
const most = 8_000;

/** A meter that has seen these events, which need not be what the service's own SDK declares. */
const after = (...events: readonly object[]): ClaudeMeter => {
  const meter = claudeMeter(most);
  for (const event of events) meter.see(event as RawMessageStreamEvent);
  return meter;
};
const usual = { input_tokens: 50_000, output_tokens: 4_000, cache_read_tokens: 0, cache_write_tokens: 20_000 };

describe('what an answer has cost', () => {
  it.each([
    ['a total of zero', [told({ output_tokens: 4_000, input_tokens: 0, cache_creation_input_tokens: 0 })]],
    ['a second, smaller total', [told({ output_tokens: 4_000 }), told({ output_tokens: 1 })]],
    [
      'a second beginning',
      [start({ input_tokens: 0, output_tokens: 0, cache_creation_input_tokens: 0 }), told({ output_tokens: 4_000 })],
    ],
    ['a total of nothing', [told({ output_tokens: 4_000 }), told({ output_tokens: null, input_tokens: null })]],
    ['a total that is missing', [told({ output_tokens: 4_000 }), told(undefined)]],
  ])('is the most that was told of each kind: %s takes nothing back', (_what, events) => {
    const meter = after(start(input), text(4_000), ...events);
    expect(meter.whole()).toEqual(usual);
    expect(meter.broken(true)).toEqual(usual);
  });

  it('never shrinks, whatever order its counts come in', () => {
    const counts = fc.record({
      input_tokens: fc.option(fc.nat(1_000)),
      output_tokens: fc.option(fc.nat(1_000)),
      cache_read_input_tokens: fc.option(fc.nat(1_000)),
    });
    fc.assert(
      fc.property(fc.array(counts, { maxLength: 6 }), (deltas) => {
        const usage = after(start(input), ...deltas.map(told)).broken(true);
        for (const [field, kind] of [
          ['input_tokens', 'input_tokens'],
          ['output_tokens', 'output_tokens'],
          ['cache_read_input_tokens', 'cache_read_tokens'],
        ] as const)
          expect(usage?.[kind]).toBeGreaterThanOrEqual(Math.max(0, ...deltas.map((delta) => delta[field] ?? 0)));
      }),
    );
  });

  it('is unknown where the answer came without its beginning, or nothing was told of the input', () => {
    const headless = after(text(4_000), told({ output_tokens: 4_000, input_tokens: 7 }));
    expect(() => headless.whole()).toThrow(expect.objectContaining({ kind: 'MODEL_UNAVAILABLE' }));
    expect(headless.broken(true)).toBeUndefined();
    for (const usage of [null, undefined, {}, { input_tokens: null, output_tokens: null }]) {
      const meter = after(start(usage), text(4_000), told({ output_tokens: 4_000 }));
      expect(() => meter.whole()).toThrow(expect.objectContaining({ kind: 'MODEL_REJECTED' }));
      expect(meter.broken(true)).toBeUndefined();
    }
  });

  it.each([
    ['told before the text', [told({ output_tokens: 1 }), text(1_000)]],
    ['told too small for the text', [text(1_000), told({ output_tokens: 1 })]],
    ['told of nothing', [text(1_000), told({ output_tokens: null })]],
    ['never told', [text(1_000)]],
  ])('is never less than the text itself came to, where its output was %s', (_when, events) => {
    const meter = after(start(input), ...events);
    for (const { output_tokens } of [meter.broken(true)!, meter.broken(false)!, meter.whole()])
      expect(output_tokens).toBeGreaterThanOrEqual(5_000);
  });

  it('is no number that could not be added up for years', () => {
    for (const tokens of [100_000_001, Number.MAX_SAFE_INTEGER, 1e308, -1, 0.5, '7']) {
      expect(() => after(start({ ...input, input_tokens: tokens }))).toThrow(
        expect.objectContaining({ kind: 'MODEL_REJECTED' }),
      );
      expect(() => after(start(input), told({ output_tokens: tokens }))).toThrow(/no number of tokens/);
    }
  });
});
