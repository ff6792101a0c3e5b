import { describe, expect, it } from 'vitest';
import type { ModelMessage } from '../../../src/contracts/model-message.ts';
import { mostPromptTokens } from '../../../src/domain/agent/prompt-bound.ts';

const context: ModelMessage = { role: 'user', content: [{ type: 'text', text: 'é'.repeat(1_000) }] };
const answer: ModelMessage = { role: 'assistant', content: [{ type: 'text', text: 'z'.repeat(50_000) }] };
const result: ModelMessage = {
  role: 'user',
  content: [{ type: 'tool_result', tool_use_id: 'a', content: 'r'.repeat(300) }],
};

describe('The most tokens that a prompt can have', () => {
  it('are its bytes where nothing was counted yet', () => {
    const bound = mostPromptTokens({ system: 's'.repeat(500), tools: [], messages: [context] }, undefined);
    expect(bound).toBeGreaterThanOrEqual(2_500);
    expect(bound).toBeLessThan(4_000);
  });

  it('are what the last call counted, and the bytes of what came since', () => {
    const last = {
      content: [],
      stop_reason: 'tool_use' as const,
      dollars: 0,
      max_output_tokens: 1,
      tokens: { input_tokens: 10, cache_read_tokens: 700, cache_write_tokens: 90, output_tokens: 12_000 },
    };
    const bound = mostPromptTokens({ system: 's', tools: [], messages: [context, answer, result] }, last);
    expect(bound).toBeGreaterThanOrEqual(12_800 + 300);
    expect(bound).toBeLessThan(12_800 + 300 + 1_300);
  });
});
