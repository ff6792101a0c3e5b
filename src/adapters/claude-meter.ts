import type { RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages/messages';
import { Failure } from '../contracts/failure.ts';
import type { ModelReply } from '../ports/model.ts';

type Spent = ModelReply['usage'];

/** Tokens that the service may have made, and billed, while the line broke: half a second of the fastest model. */
const underWay = 256;

/** What one answer costs, counted from the events of its stream while they come. */
export type ClaudeMeter = {
  /** Fails with MODEL_REJECTED on a number that is no count. */
  see(event: RawMessageStreamEvent): void;
  /** What the service says that the whole answer has cost. */
  whole(): Spent;
  /**
   * What an answer that broke off has cost at most; undefined before its first event, when nobody knows whether it has begun.
   * `isOver` where the service itself has ended it, so that nothing more was under way.
   */
  broken(isOver: boolean): Spent | undefined;
};

/** Counts the cost of an answer that may have so many tokens. */
export const claudeMeter = (maxOutputTokens: number): ClaudeMeter => {
  let usage: Spent = { input_tokens: 0, output_tokens: 0, cache_read_tokens: 0, cache_write_tokens: 0 };
  let hasBegun = false;
  let isTold = false;
  // Of thinking a summary is shown, and all of it billed.
  let isHidden = false;
  let isWrong = false;
  let shown = 0;

  const count = (counts: Readonly<Partial<Record<keyof typeof fields, number | null>>>): void => {
    for (const [field, kind] of Object.entries(fields)) {
      const told = counts[field as keyof typeof fields] ?? usage[kind];
      if (!Number.isSafeInteger(told) || told < 0) {
        isWrong = true;
        throw new Failure(
          'MODEL_REJECTED',
          `The model service told of ${String(told).slice(0, 40)} ${field}, which is no number of tokens. Is the address of the model service right?`,
        );
      }
      usage = { ...usage, [kind]: told };
    }
  };

  return {
    see(event) {
      switch (event.type) {
        case 'message_start':
          count(event.message.usage);
          hasBegun = true;
          break;
        case 'content_block_start':
          isHidden ||= event.content_block.type.includes('thinking');
          shown += bytes(JSON.stringify(event.content_block));
          break;
        case 'content_block_delta':
          for (const part of Object.values(event.delta)) if (typeof part === 'string') shown += bytes(part);
          break;
        case 'message_delta':
          // Totals of the whole message, absent where they do not apply.
          count(event.usage);
          isTold = true;
          break;
        case 'content_block_stop':
        case 'message_stop':
          break;
      }
    },
    whole: () => usage,
    broken(isOver) {
      if (!hasBegun || isWrong) return undefined;
      if (isTold) return usage;
      // A token stands for at least one byte of what was shown.
      const made = isHidden ? maxOutputTokens : shown + (isOver ? 0 : underWay);
      return { ...usage, output_tokens: Math.max(usage.output_tokens, Math.min(maxOutputTokens, made)) };
    },
  };
};

const fields = {
  input_tokens: 'input_tokens',
  output_tokens: 'output_tokens',
  cache_read_input_tokens: 'cache_read_tokens',
  cache_creation_input_tokens: 'cache_write_tokens',
} as const;

const bytes = (text: string): number => Buffer.byteLength(text);
