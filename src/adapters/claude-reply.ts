import type { RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages/messages';
import { Failure } from '../contracts/failure.ts';
import { AssistantBlock, StopReason } from '../contracts/model-message.ts';
import type { ModelReply } from '../ports/model.ts';
import type { ClaudeMeter } from './claude-meter.ts';

type Block = Record<string, unknown> & { type: string };

/**
 * Puts a streamed answer together. The SDK’s own `finalMessage` is not used, because it loses the whole answer where the
 * input of one tool call is no JSON, and completes input that was cut as if it had been meant so. Here such input stays
 * the text it was, and the model is told. The meter sees each event. Fails with MODEL_UNAVAILABLE where the stream ends before its last event.
 */
export const readClaudeReply = async (
  events: AsyncIterable<RawMessageStreamEvent>,
  meter: ClaudeMeter,
): Promise<ModelReply> => {
  const blocks: Block[] = [];
  const inputs = new Map<number, string>();
  let stop: string | null = null;
  let isWhole = false;

  for await (const event of events) {
    meter.see(event);
    switch (event.type) {
      case 'content_block_start':
        blocks[event.index] = { ...event.content_block } as unknown as Block;
        break;
      case 'content_block_delta':
        applyDelta(blocks[event.index], event.delta, (json) =>
          inputs.set(event.index, (inputs.get(event.index) ?? '') + json),
        );
        break;
      case 'message_delta':
        stop = event.delta.stop_reason ?? stop;
        break;
      case 'message_stop':
        isWhole = true;
        break;
      case 'message_start':
      case 'content_block_stop':
        break;
    }
  }
  if (!isWhole || stop === null) {
    throw new Failure(
      'MODEL_UNAVAILABLE',
      'The model’s answer broke off in the middle. It is asked again; if this goes on, look at the network between here and the model service.',
    );
  }
  for (const [index, json] of inputs) {
    const block = blocks[index];
    if (block?.type === 'tool_use') block['input'] = parseInput(json);
  }
  return {
    content: blocks.filter(isOurs).map((block) => AssistantBlock.parse(block)),
    stop_reason: toStopReason(stop),
    usage: meter.whole(),
  };
};

type Delta = Extract<RawMessageStreamEvent, { type: 'content_block_delta' }>['delta'];

const applyDelta = (block: Block | undefined, delta: Delta, addInput: (json: string) => void): void => {
  if (block === undefined) return;
  if (delta.type === 'text_delta') block['text'] = textOf(block['text']) + delta.text;
  else if (delta.type === 'thinking_delta') block['thinking'] = textOf(block['thinking']) + delta.thinking;
  else if (delta.type === 'signature_delta') block['signature'] = delta.signature;
  else if (delta.type === 'input_json_delta') addInput(delta.partial_json);
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The input of a tool call; text that is no JSON stays text. A call without input has an empty one. */
const parseInput = (json: string): unknown => {
  if (json.trim() === '') return {};
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
};

/** Surveyor offers no tools that run at the service, so no other blocks are expected. */
const isOurs = (block: Block | undefined): block is Block =>
  block !== undefined && ['text', 'tool_use', 'thinking', 'redacted_thinking'].includes(block.type);

const toStopReason = (stop: string): StopReason => {
  const known = StopReason.safeParse(stop);
  if (known.success) return known.data;
  // `model_context_window_exceeded`: cut for another reason, and cut all the same.
  return stop.includes('exceeded') ? 'max_tokens' : 'end_turn';
};
