import type { Message, UserBlock } from '../../contracts/message.ts';
import type { Conversation } from './conversation.ts';

const note =
  'Your work was interrupted and goes on now, with a fresh Python process: variables, imports and files that your code made are gone, ' +
  'the files you were given are there again, and all results above still hold. Repeat a step only if you need its variables.';

/**
 * A conversation that goes on after an interruption, with a note of what was lost at its very end: nothing that the model
 * has read before is changed. Reminders count afresh.
 */
export const resumedConversation = (conversation: Conversation): Conversation => {
  const { messages } = conversation;
  const block: UserBlock = { type: 'text', text: note };
  const last = messages.at(-1);
  const told: readonly Message[] =
    last?.role === 'user'
      ? [...messages.slice(0, -1), { role: 'user', content: [...last.content, block] }]
      : [...messages, { role: 'user', content: [block] }];
  return { ...conversation, messages: told, reminders: 0 };
};
