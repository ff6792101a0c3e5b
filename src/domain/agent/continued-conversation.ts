import type { ModelMessage, UserBlock } from '../../contracts/model-message.ts';
import type { Conversation } from './conversation.ts';

const note =
  'Your work was interrupted and goes on now, with a fresh Python process: variables, imports and files that your code made are gone, ' +
  'the files you were given are there again, and all results above still hold. Repeat a step only if you need its variables.';

/**
 * A conversation as it goes on in an attempt of its run. In a later one than that which it was closed in, the kernel is a
 * new one: the agent is told so at its very end, so that nothing that the model has read before is changed and all of it is
 * read from its cache. Reminders count afresh.
 */
export const continuedConversation = (conversation: Conversation, attempt: number): Conversation => {
  if (attempt <= conversation.attempt) return conversation;
  const { messages } = conversation;
  const block: UserBlock = { type: 'text', text: note };
  const last = messages.at(-1);
  const told: readonly ModelMessage[] =
    last?.role === 'user'
      ? [...messages.slice(0, -1), { role: 'user', content: [...last.content, block] }]
      : [...messages, { role: 'user', content: [block] }];
  return { ...conversation, messages: told, reminders: 0, attempt };
};
