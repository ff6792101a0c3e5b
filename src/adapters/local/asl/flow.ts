import type { StateBlock } from './definition.ts';
import type { RunningExecution } from './running-execution.ts';
import type { EventDetails, History } from './history.ts';
import type { Payload } from './payload.ts';
import type { TaskTokens } from './task-tokens.ts';
import type { Time } from './time.ts';

/**
 * Calls the function of that name. The signal is aborted when its state is over, by a stop or a time-out: the function
 * should end its work then, and nobody waits for it.
 */
export type Invoke = (functionName: string, payload: unknown, signal: AbortSignal) => Promise<unknown>;

/** What the states of all executions use. */
export type Interpreter = {
  readonly time: Time;
  readonly invoke: Invoke;
  readonly tokens: TaskTokens;
  /** Fails as the workflow port's `start` does. */
  startExecution(request: {
    readonly machine: string;
    readonly name: string;
    readonly input: unknown;
    /** The execution that waits for it, where one does. */
    readonly startedBy?: string;
  }): RunningExecution;
  /** Runs the states of a block from its start to its end. Fails with StatesError. */
  runBlock(block: StateBlock, input: Payload, flow: Flow): Promise<Payload>;
};

/** One thread of states: a machine’s, a branch’s, an iteration’s. States follow each other in it; variables belong to it. */
export type Flow = {
  readonly interpreter: Interpreter;
  readonly executionId: string;
  readonly history: History;
  /** The context object’s parts that stay the same in this flow: Execution, StateMachine, Map. */
  readonly context: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
  /** The id of its newest event, which the next one follows. */
  lastEvent: number;
  variables: Readonly<Record<string, unknown>>;
};

/**
 * A flow inside of a flow. It starts with the outer variables and assigns only its own; the outer flow stands still
 * meanwhile, so a copy of them is as good as the scope itself.
 */
export const innerFlow = (
  outer: Flow,
  own: Pick<Flow, 'signal' | 'lastEvent'> & Partial<Pick<Flow, 'context'>>,
): Flow => ({
  ...outer,
  ...own,
});

/** Adds the next event of a flow, and gives its id. */
export const record = (flow: Flow, type: string, details?: EventDetails): number => {
  flow.lastEvent = flow.history.append(type, flow.lastEvent, details);
  return flow.lastEvent;
};
