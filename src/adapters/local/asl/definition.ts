import * as z from 'zod';
import { isExpression } from './expression.ts';

/**
 * Amazon States Language in JSONata mode, as far as this engine runs it. Schemas are strict: a field that Step Functions
 * knows and this engine does not is refused when a machine is deployed, not ignored when it runs.
 */

const Expression = z.string().refine(isExpression, 'must be an expression between {% and %}');
const orExpression = <T extends z.ZodType>(schema: T) => z.union([schema, Expression]);

/** JSON in which any string may be an expression. */
const Template = z.json();
const seconds = z.int().positive().max(99_999_999);
const errorEquals = z.array(z.string().min(1)).min(1).readonly();
const assign = z.record(z.string(), Template).readonly();

const named = { Comment: z.string().optional(), QueryLanguage: z.literal('JSONata').optional() };
const shared = { ...named, Output: Template.optional() };
const onward = { ...shared, Assign: assign.optional(), Next: z.string().optional(), End: z.literal(true).optional() };

/** One rule of `Retry`. */
export const Retrier = z.strictObject({
  Comment: z.string().optional(),
  ErrorEquals: errorEquals,
  IntervalSeconds: seconds.default(1),
  MaxAttempts: z.int().nonnegative().max(99_999_999).default(3),
  BackoffRate: z.number().min(1).default(2),
  MaxDelaySeconds: z.int().positive().max(31_622_400).optional(),
  JitterStrategy: z.enum(['FULL', 'NONE']).default('NONE'),
});
export type Retrier = z.infer<typeof Retrier>;

/** One rule of `Catch`. */
export const Catcher = z.strictObject({
  Comment: z.string().optional(),
  ErrorEquals: errorEquals,
  Next: z.string(),
  Output: Template.optional(),
  Assign: assign.optional(),
});
export type Catcher = z.infer<typeof Catcher>;

const recovering = { Retry: z.array(Retrier).readonly().optional(), Catch: z.array(Catcher).readonly().optional() };

/** Hands its input on, or computes an output. */
export const PassState = z.strictObject({ ...onward, Type: z.literal('Pass') });
export type PassState = z.infer<typeof PassState>;

/** The work a task can ask for. */
export const TaskResource = z.enum([
  'arn:aws:states:::lambda:invoke',
  'arn:aws:states:::lambda:invoke.waitForTaskToken',
  'arn:aws:states:::states:startExecution',
  'arn:aws:states:::states:startExecution.sync:2',
]);
export type TaskResource = z.infer<typeof TaskResource>;

/** Calls a function, waits for a token, or starts another machine. */
export const TaskState = z.strictObject({
  ...onward,
  ...recovering,
  Type: z.literal('Task'),
  Resource: TaskResource,
  Arguments: Template.optional(),
  TimeoutSeconds: orExpression(seconds).optional(),
  HeartbeatSeconds: orExpression(seconds).optional(),
});
export type TaskState = z.infer<typeof TaskState>;

/** One rule of a Choice. */
export const ChoiceRule = z.strictObject({
  Comment: z.string().optional(),
  Condition: orExpression(z.boolean()),
  Next: z.string(),
  Output: Template.optional(),
  Assign: assign.optional(),
});
export type ChoiceRule = z.infer<typeof ChoiceRule>;

/** Goes where the first rule that holds says. `Output` and `Assign` of the state itself belong to its default. */
export const ChoiceState = z.strictObject({
  ...shared,
  Type: z.literal('Choice'),
  Choices: z.array(ChoiceRule).min(1).readonly(),
  Default: z.string().optional(),
  Assign: assign.optional(),
});
export type ChoiceState = z.infer<typeof ChoiceState>;

/** Waits some seconds or until a time. */
export const WaitState = z.strictObject({
  ...onward,
  Type: z.literal('Wait'),
  Seconds: orExpression(z.int().nonnegative().max(99_999_999)).optional(),
  Timestamp: orExpression(z.iso.datetime({ offset: true })).optional(),
});
export type WaitState = z.infer<typeof WaitState>;

/** Ends its block with success. */
export const SucceedState = z.strictObject({ ...shared, Type: z.literal('Succeed') });
export type SucceedState = z.infer<typeof SucceedState>;

/** Ends its block with an error. */
export const FailState = z.strictObject({
  ...named,
  Type: z.literal('Fail'),
  Error: z.string().optional(),
  Cause: z.string().optional(),
});
export type FailState = z.infer<typeof FailState>;

/** States by name. An interface, because only an interface may name itself through the schemas below. */
export interface States {
  readonly [name: string]: State;
}

/** States that belong together: a machine, a branch of a Parallel, the processor of a Map. */
export type StateBlock = { readonly StartAt: string; readonly States: States };

const States: z.ZodType<States> = z.lazy(() => z.record(z.string(), State));
const block = { StartAt: z.string(), States };

/** Runs its processor once for each item. */
export const MapState = z.strictObject({
  ...onward,
  ...recovering,
  Type: z.literal('Map'),
  Items: orExpression(z.array(Template)).optional(),
  ItemSelector: Template.optional(),
  ItemProcessor: z.strictObject({
    ...block,
    Comment: z.string().optional(),
    ProcessorConfig: z.strictObject({ Mode: z.literal('INLINE') }).optional(),
  }),
  MaxConcurrency: orExpression(z.int().nonnegative()).optional(),
  ToleratedFailureCount: orExpression(z.int().nonnegative()).optional(),
  ToleratedFailurePercentage: orExpression(z.number().min(0).max(100)).optional(),
});
export type MapState = z.infer<typeof MapState>;

/** Runs its branches side by side. */
export const ParallelState = z.strictObject({
  ...onward,
  ...recovering,
  Type: z.literal('Parallel'),
  Arguments: Template.optional(),
  Branches: z
    .array(z.strictObject({ ...block, Comment: z.string().optional() }))
    .min(1)
    .readonly(),
});
export type ParallelState = z.infer<typeof ParallelState>;

/** One state. */
export const State = z.discriminatedUnion(
  'Type',
  [PassState, TaskState, ChoiceState, WaitState, SucceedState, FailState, MapState, ParallelState],
  { error: 'Type must be Pass, Task, Choice, Wait, Succeed, Fail, Map or Parallel' },
);
export type State = z.infer<typeof State>;

/** A state machine. */
export const Machine = z.strictObject({
  ...block,
  QueryLanguage: z.literal('JSONata', 'must be JSONata, also where all states say so'),
  Comment: z.string().optional(),
  Version: z.literal('1.0').optional(),
  TimeoutSeconds: seconds.optional(),
});
export type Machine = z.infer<typeof Machine>;
