import type { Prompt } from '../../contracts/agent.ts';
import { Failure } from '../../contracts/failure.ts';
import type { AssistantBlock, ModelMessage, StopReason } from '../../contracts/model-message.ts';
import { readContext } from './read-context.ts';
import { writeCatalog } from './write-catalog.ts';
import { writeSummary } from './write-summary.ts';

/** What the analyst answers: the same blocks that a model would. */
export type AnalystReply = { readonly content: readonly AssistantBlock[]; readonly stop_reason: StopReason };

/** What the analyst is asked: the conversation, and which text its prompt wants in a model’s place. */
export type AnalystRequest = { readonly messages: readonly ModelMessage[]; readonly analyst?: Prompt['analyst'] };

const reportId = 'report';

/**
 * The turn of the deterministic analyst: it writes the text from what the first message holds, and submits it. A function
 * of the conversation alone, so the same data give the same report. Fails with MODEL_REJECTED where the prompt names no
 * text that it can write, or its context lacks what the text is made of.
 */
export const analystTurn = ({ messages, analyst }: AnalystRequest): AnalystReply => {
  const refused = refusalOf(messages);
  if (refused !== undefined)
    return {
      content: [{ type: 'text', text: `The report was refused: ${refused.slice(0, 200)}` }],
      stop_reason: 'end_turn',
    };
  const input = { content: write(readContext(messages), analyst) };
  return {
    content: [
      { type: 'text', text: 'The text, from what was measured and found.' },
      { type: 'tool_use', id: reportId, name: 'submit_html', input },
    ],
    stop_reason: 'tool_use',
  };
};

const write = (context: ReturnType<typeof readContext>, analyst: Prompt['analyst']): string => {
  switch (analyst) {
    case 'catalog':
      return writeCatalog(context);
    case 'summary':
      return writeSummary(context);
    case undefined:
      throw new Failure(
        'MODEL_REJECTED',
        'No model is configured, and the prompt names no text that the analyst could write in its place. Write "analyst: catalog" or "analyst: summary" into the prompt, or set a model key.',
      );
  }
};

/** What the refusal of an earlier try says; undefined where there was none. */
const refusalOf = (messages: readonly ModelMessage[]): string | undefined => {
  for (const block of messages.flatMap(({ content }) => [...content]))
    if (block.type === 'tool_result' && block['tool_use_id'] === reportId && block['is_error'] === true)
      return String(block['content']);
  return undefined;
};
