import type { ModelMessage } from '../../contracts/model-message.ts';

/**
 * The messages whose last block ends a prefix worth caching; with the end of the system prompt they are at most four
 * breakpoints, which is what the API takes.
 *
 * The last user message is marked so that this prompt is written; the one before it is where the last request wrote, so
 * it is read exactly there and not by the API’s search, which gives up after 20 blocks (a turn of 16 calls and results has
 * 33). The first user message holds the context: a resumed agent still finds it when the rest has changed. Thinking
 * blocks cannot carry a mark, so assistant messages never do.
 */
export const cacheBreakpoints = (messages: readonly ModelMessage[]): readonly number[] => {
  const users = messages.flatMap((message, index) =>
    message.role === 'user' && message.content.length > 0 ? [index] : [],
  );
  return [...new Set([...users.slice(0, 1), ...users.slice(-2)])];
};
