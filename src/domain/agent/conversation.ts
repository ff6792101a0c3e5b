import * as z from 'zod';
import { Prompt } from '../../contracts/agent.ts';
import { Usage } from '../../contracts/budget.ts';
import { AssistantBlock, ModelMessage, StopReason } from '../../contracts/model-message.ts';
import { runKeys } from '../run-keys.ts';
import { templateNames } from './render-template.ts';

/** A prompt of a conversation that began before prompts declared an agent’s job: what its context asked for told it. */
const withJob = (prompt: unknown): unknown => {
  const { context } = z.looseObject({ context: z.string() }).safeParse(prompt).data ?? {};
  if (context === undefined || Object.hasOwn(prompt as object, 'shows_profile')) return prompt;
  const asksFor = (name: string): boolean => templateNames(context).includes(name);
  return { ...(prompt as object), shows_profile: asksFor('profile'), reads_reports: asksFor('report_files') };
};

/** A conversation as it stands at the end of a turn; turn 0 is what the agent was told at its start. */
export const Conversation = z.strictObject({
  prompt: z
    .preprocess(withJob, Prompt)
    .describe('As it was in force when the agent started; a file that changes meanwhile changes nothing here'),
  messages: z.array(ModelMessage).readonly(),
  reminders: z.int().nonnegative().describe('Turns in a row in which the agent used no tool'),
  wrap_up_told: z.boolean(),
  attempt: z.int().positive().default(1).describe('The attempt of the run, and so the kernel, that it goes on in'),
});
export type Conversation = z.infer<typeof Conversation>;

/** What the model answered in one turn, with what it cost: recorded before anything is done with it. */
export const TurnReply = z.strictObject({
  content: z.array(AssistantBlock).readonly(),
  stop_reason: StopReason,
  tokens: Usage.omit({ dollars: true }),
  dollars: z.number().nonnegative(),
  max_output_tokens: z.int().positive(),
  attempt: z.int().positive().optional().describe('The attempt of the run that asked; absent in older ones'),
  call: z.string().optional().describe('The call that brought it, as the session holds it; absent in older ones'),
});
export type TurnReply = z.infer<typeof TurnReply>;

/** What one tool call came to, as the model reads it. */
export const ToolOutcome = z.strictObject({ content: z.string(), is_error: z.boolean() });
export type ToolOutcome = z.infer<typeof ToolOutcome>;

/**
 * Where one agent’s conversation lies in the object store. Whatever lies under one of these keys is written once, so that a
 * function that comes late cannot change it; the opening is written anew as long as nobody has answered it, and has a key
 * of its own in each attempt of the run that began the conversation (`opened_in` of the session).
 */
export const conversationKeys = (runId: string, agent: string, openedIn = 1) => {
  const keys = runKeys(runId);
  const beside = (turn: number, what: string): string =>
    keys.conversation(agent, turn).replace(/\.json$/, `.${what}.json`);
  return {
    closed: (turn: number): string =>
      turn === 0 && openedIn > 1 ? beside(0, `attempt-${openedIn}`) : keys.conversation(agent, turn),
    reply: (turn: number): string => beside(turn, 'reply'),
    /** A refusal to answer is of its attempt: the next one asks again. */
    refusal: (turn: number, attempt: number): string => beside(turn, `refusal-${attempt}`),
    // With the turn, so that a model that uses an id twice does not get an old result.
    outcome: (turn: number, callId: string): string => keys.toolResult(agent, `${turn}/${callId}`),
  } as const;
};
