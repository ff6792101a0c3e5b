import type { Prompt } from '../contracts/agent.ts';
import type { Failure } from '../contracts/failure.ts';
import type { AssistantBlock, ModelMessage, StopReason } from '../contracts/model-message.ts';
import type { ToolName } from '../contracts/tool-name.ts';

/** A tool as a model is told of it. */
export type ToolDefinition = {
  readonly name: ToolName;
  readonly description: string;
  readonly input_schema: Readonly<Record<string, unknown>>;
};

/** One call of a model. */
export type ModelRequest = {
  readonly model: string;
  readonly system: string;
  readonly tools: readonly ToolDefinition[];
  readonly messages: readonly ModelMessage[];
  readonly max_output_tokens: number;
  /** What the deterministic analyst writes in the agent’s place; a model does what it is told. */
  readonly analyst?: Prompt['analyst'];
  readonly timeout_seconds: number;
  /** Ends the call: nobody waits for the answer any more. */
  readonly signal?: AbortSignal;
};

/** What a model answered. */
export type ModelReply = {
  readonly content: readonly AssistantBlock[];
  readonly stop_reason: StopReason;
  readonly usage: {
    readonly input_tokens: number;
    readonly output_tokens: number;
    readonly cache_read_tokens: number;
    readonly cache_write_tokens: number;
  };
};

/**
 * A call that brought no whole answer. What it has cost all the same is `spent`, never less than what is billed; undefined where nobody
 * can know.
 */
export type BrokenCall = { readonly failure: Failure; readonly spent: ModelReply['usage'] | undefined };

/**
 * A model that takes turns in a conversation. A call breaks off with MODEL_UNAVAILABLE (worth another try), MODEL_OVERLOADED or
 * MODEL_RATE_LIMITED (worth waiting for) or MODEL_REJECTED; one that fails instead is one whose cost nobody knows. It does not
 * wait by itself: who calls it is billed for each second.
 */
export type Model = {
  readonly kind: 'model' | 'deterministic';
  reply(request: ModelRequest): Promise<ModelReply | BrokenCall>;
};
