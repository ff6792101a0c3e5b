import type { AssistantBlock, Message, StopReason } from '../../contracts/message.ts';
import type { Progress } from './move.ts';
import { readTask } from './read-context.ts';
import { sumUp } from './sum-up.ts';
import { survey } from './survey.ts';

/** What the analyst answers: the same blocks that a model would. */
export type AnalystReply = { readonly content: readonly AssistantBlock[]; readonly stop_reason: StopReason };

/**
 * The next turn of the deterministic analyst: a function of the conversation alone, so the same data give the same report.
 * It plans statements from the profile, reads their results, asks further, and submits what it has counted.
 */
export const analystTurn = (messages: readonly Message[]): AnalystReply => {
  const task = readTask(messages);
  const turn = messages.filter(({ role }) => role === 'assistant').length;
  const results = new Map(
    messages
      .flatMap(({ content }) => [...content])
      .flatMap((block) =>
        block.type === 'tool_result'
          ? [
              [
                String(block['tool_use_id']),
                { text: String(block['content']), is_error: block['is_error'] === true },
              ] as const,
            ]
          : [],
      ),
  );
  const mustSubmit = turn + 1 >= (task.budget?.turns ?? Number.POSITIVE_INFINITY) || wasTold(messages);
  const progress: Progress = { turn, results, mustSubmit };
  const { say, calls } = task.kind === 'survey' ? survey(task, progress) : sumUp(task, progress);
  return {
    content: [
      { type: 'text', text: say },
      ...calls.map(({ id, name, input }) => ({ type: 'tool_use' as const, id, name, input })),
    ],
    stop_reason: calls.length > 0 ? 'tool_use' : 'end_turn',
  };
};

const wasTold = (messages: readonly Message[]): boolean =>
  messages
    .slice(1)
    .some(
      ({ role, content }) =>
        role === 'user' &&
        content.some((block) => block.type === 'text' && String(block['text']).startsWith('Budget:')),
    );
