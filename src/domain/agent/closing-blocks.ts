import type { UserBlock } from '../../contracts/model-message.ts';
import { maxCallsPerTurn } from '../../contracts/tool-call-ref.ts';
import { describeUse, type LimitUse } from '../budget/limits.ts';
import type { ToolOutcome, TurnReply } from './conversation.ts';
import { callsOf, isCut } from './read-reply.ts';

/** How often in a row an agent is reminded of its report before it is given up. */
export const mostReminders = 2;

/**
 * What the agent is told at the end of a turn: the result of every call in the order of the calls, or why there is none;
 * without a call, that its report is still missing; and once, that its budget runs low.
 */
export const closingBlocks = (turn: {
  readonly reply: TurnReply;
  readonly outcomes: ReadonlyMap<string, ToolOutcome>;
  readonly wrapUp: LimitUse | undefined;
}): readonly UserBlock[] => {
  const { reply, outcomes, wrapUp } = turn;
  const results = callsOf(reply).map((call): UserBlock => {
    const outcome = outcomes.get(call.id) ?? {
      content: isCut(reply, call) ? cutCall(reply) : tooManyCalls,
      is_error: true,
    };
    return {
      type: 'tool_result',
      tool_use_id: call.id,
      content: outcome.content,
      ...(outcome.is_error ? { is_error: true } : {}),
    };
  });
  const notes = [
    ...(results.length === 0 ? [withoutCall(reply)] : []),
    ...(wrapUp === undefined ? [] : [wrapUpNote(wrapUp)]),
  ];
  return [...results, ...notes.filter((note) => note !== '').map((text): UserBlock => ({ type: 'text', text }))];
};

const cutCall = (reply: TurnReply): string =>
  `This call was not run: your answer was cut at the limit of ${reply.max_output_tokens} tokens in the middle of it. ` +
  'Make the call again with a shorter input; a long report becomes shorter when raw data and minor findings are left out.';

const tooManyCalls = `This call was not run: at most ${maxCallsPerTurn} calls of one turn are run. Make it again in your next turn if you still need it.`;

const withoutCall = (reply: TurnReply): string => {
  switch (reply.stop_reason) {
    case 'pause_turn':
      return '';
    case 'max_tokens':
      return `Your answer was cut at the limit of ${reply.max_output_tokens} tokens. Continue, in smaller parts.`;
    case 'end_turn':
    case 'stop_sequence':
    case 'tool_use':
    case 'refusal':
      return 'You used no tool, and nobody reads text outside the report. Go on with your survey, or call submit_html with your report if you are done.';
  }
};

const wrapUpNote = (use: LimitUse): string =>
  `Budget: ${Math.floor(use.share * 100)}% is used (${describeUse(use)}). Wrap up: start nothing new, and call submit_html with what you have found.`;
