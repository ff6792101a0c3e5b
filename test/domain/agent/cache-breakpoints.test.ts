import { describe, expect, it } from 'vitest';
import type { ModelMessage } from '../../../src/contracts/model-message.ts';
import { cacheBreakpoints } from '../../../src/domain/agent/cache-breakpoints.ts';

const say = (role: 'user' | 'assistant', text = 'x'): ModelMessage => ({ role, content: [{ type: 'text', text }] });

describe('The cache breakpoints of a conversation', () => {
  it('are the context, and the ends of this prompt and of the one before', () => {
    expect(cacheBreakpoints([say('user')])).toEqual([0]);
    expect(cacheBreakpoints([say('user'), say('assistant'), say('user')])).toEqual([0, 2]);
    expect(
      cacheBreakpoints([
        say('user'),
        say('assistant'),
        say('user'),
        say('assistant'),
        say('user'),
        say('assistant'),
        say('user'),
      ]),
    ).toEqual([0, 4, 6]);
  });

  it('include every message at which the prompt before ended, so that it is read there without a search', () => {
    const messages: ModelMessage[] = [say('user')];
    for (let turn = 1; turn < 40; turn += 1) {
      const before = cacheBreakpoints(messages).at(-1);
      messages.push(say('assistant'), say('user'));
      expect(cacheBreakpoints(messages)).toContain(before);
      expect(cacheBreakpoints(messages).length).toBeLessThanOrEqual(3);
    }
  });

  it('leave out messages without content, which the API does not take', () => {
    expect(cacheBreakpoints([say('user'), say('assistant'), { role: 'user', content: [] }])).toEqual([0]);
  });
});
