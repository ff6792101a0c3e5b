/** Amazon States Language as this project writes it: JSONata mode, the fields that our machines use. */

/** A JSON value that may hold `{% … %}` expressions. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export type Retrier = {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: 'FULL' | 'NONE';
};

export type Catcher = {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
  readonly Assign?: Json;
  readonly Output?: Json;
};

type Flow = { readonly Next: string } | { readonly End: true };

export type TaskState = Flow & {
  readonly Type: 'Task';
  readonly Comment?: string;
  readonly Resource: string;
  readonly Arguments: Json;
  readonly Assign?: Json;
  readonly Output?: Json;
  readonly TimeoutSeconds?: number;
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
};

export type MapState = Flow & {
  readonly Type: 'Map';
  readonly Comment?: string;
  readonly Items: Json;
  readonly ItemSelector?: Json;
  /** A number, or an expression that gives one. */
  readonly MaxConcurrency?: number | string;
  readonly ItemProcessor: {
    readonly ProcessorConfig: { readonly Mode: 'INLINE' };
    readonly StartAt: string;
    readonly States: States;
  };
  readonly Assign?: Json;
  readonly Output?: Json;
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
};

export type PassState = Flow & {
  readonly Type: 'Pass';
  readonly Comment?: string;
  readonly Assign?: Json;
  readonly Output?: Json;
};

export type ChoiceState = {
  readonly Type: 'Choice';
  readonly Comment?: string;
  readonly Choices: readonly {
    readonly Condition: string;
    readonly Next: string;
    readonly Assign?: Json;
    readonly Output?: Json;
  }[];
  readonly Default: string;
};

export type WaitState = Flow & {
  readonly Type: 'Wait';
  readonly Comment?: string;
  /** A number, or an expression that gives one. */
  readonly Seconds: Json;
};

export type FailState = {
  readonly Type: 'Fail';
  readonly Comment?: string;
  readonly Error: string;
  readonly Cause: string;
};
export type SucceedState = { readonly Type: 'Succeed'; readonly Comment?: string; readonly Output?: Json };

export type State = TaskState | MapState | PassState | ChoiceState | WaitState | FailState | SucceedState;
export type States = { readonly [name: string]: State };

/** One machine. */
export type StateMachine = {
  readonly Comment: string;
  readonly QueryLanguage: 'JSONata';
  readonly TimeoutSeconds: number;
  readonly StartAt: string;
  readonly States: States;
};
