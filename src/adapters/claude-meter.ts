import type { RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages/messages';
import { Failure } from '../contracts/failure.ts';
import type { ModelReply } from '../ports/model.ts';

type Spent = ModelReply['usage'];

/** Tokens that the service may have made, and billed, while the line broke: half a second of the fastest model. */
const underWay = 256;

/** No prompt and no answer of a model has a hundredth of it; sums of a year's calls stay whole numbers. */
const maxTokens = 100_000_000;

/** A token stands for four bytes on average, and a text of nothing but the longest words has half of this for each. */
const maxBytesOfToken = 32;

/** What one answer costs, counted from the events of its stream while they come. */
export type ClaudeMeter = {
  /** Fails with MODEL_REJECTED on a number that is no count. */
  see(event: RawMessageStreamEvent): void;
  /**
   * What the whole answer has cost. Fails with MODEL_UNAVAILABLE on one that never began, with MODEL_REJECTED on one of whose
   * input nothing was told.
   */
  whole(): Spent;
  /**
   * What an answer that broke off has cost at most; undefined where nobody can know, as before its first event.
   * `isOver` where the service itself has ended it, so that nothing more was under way.
   */
  broken(isOver: boolean): Spent | undefined;
};

/**
 * Counts the cost of an answer that may have so many tokens. Counts are totals of the whole message, so each is the most that
 * was told of it: what is told later, or not at all, takes nothing back.
 */
export const claudeMeter = (maxOutputTokens: number): ClaudeMeter => {
  let usage: Spent = { input_tokens: 0, output_tokens: 0, cache_read_tokens: 0, cache_write_tokens: 0 };
  let hasBegun = false;
  let isInputTold = false;
  /** Whether the output was told after the last of it was shown. */
  let isOutputTold = false;
  // Of thinking a summary is shown, and all of it billed.
  let isHidden = false;
  let isWrong = false;
  let shown = 0;

  const count = (counts: ToldCounts | null | undefined): void => {
    for (const [field, kind] of Object.entries(fields)) {
      const told = counts?.[field as keyof typeof fields] ?? undefined;
      if (told === undefined) continue;
      if (!Number.isSafeInteger(told) || told < 0 || told > maxTokens) {
        isWrong = true;
        throw new Failure(
          'MODEL_REJECTED',
          `The model service told of ${String(told).slice(0, 40)} ${field}, which is no number of tokens. Is the address of the model service right?`,
        );
      }
      isInputTold ||= kind === 'input_tokens';
      usage = { ...usage, [kind]: Math.max(usage[kind], told) };
    }
  };
  const show = (text: string): void => {
    shown += bytes(text);
    isOutputTold = false;
  };

  const spent = (isOver: boolean): Spent => {
    if (isOutputTold && usage.output_tokens * maxBytesOfToken >= shown) return usage;
    // A token stands for at least one byte of what was shown.
    const made = isHidden ? maxOutputTokens : shown + (isOver ? 0 : underWay);
    return { ...usage, output_tokens: Math.max(usage.output_tokens, Math.min(maxOutputTokens, made)) };
  };

  return {
    see(event) {
      switch (event.type) {
        case 'message_start':
          count(event.message.usage);
          hasBegun = true;
          break;
        case 'content_block_start':
          if (event.content_block.type.includes('thinking')) {
            isHidden = true;
            isOutputTold = false;
          } else show(JSON.stringify(event.content_block));
          break;
        case 'content_block_delta':
          // What is shown of thinking, and its signature, say nothing of its tokens.
          if (event.delta.type === 'text_delta') show(event.delta.text);
          else if (event.delta.type === 'input_json_delta') show(event.delta.partial_json);
          else isOutputTold = false;
          break;
        case 'message_delta': {
          count(event.usage);
          const { output_tokens } = (event.usage ?? {}) as ToldCounts;
          isOutputTold ||= typeof output_tokens === 'number';
          break;
        }
        case 'content_block_stop':
        case 'message_stop':
          break;
      }
    },
    whole() {
      if (!hasBegun)
        throw new Failure(
          'MODEL_UNAVAILABLE',
          'The model’s answer came without its beginning. It is asked again; if this goes on, look at what stands between here and the model service.',
        );
      if (!isInputTold)
        throw new Failure(
          'MODEL_REJECTED',
          'The model service told nothing of the tokens that it was sent, so nobody knows what they cost. Is the address of the model service right?',
        );
      return spent(true);
    },
    broken: (isOver) => (!hasBegun || !isInputTold || isWrong ? undefined : spent(isOver)),
  };
};

const fields = {
  input_tokens: 'input_tokens',
  output_tokens: 'output_tokens',
  cache_read_input_tokens: 'cache_read_tokens',
  cache_creation_input_tokens: 'cache_write_tokens',
} as const;

/** What is declared a number may be missing in what comes. */
type ToldCounts = Readonly<Partial<Record<keyof typeof fields, number | null>>>;

const bytes = (text: string): number => Buffer.byteLength(text);
