import type { FailureKind } from '../../contracts/failure.ts';
import type { TaskInput, TaskName } from '../../contracts/tasks.ts';
import { retryPolicyWithout } from './retry-policy.ts';
import type { Json, TaskState } from './state-machine.ts';

/** A Lambda function runs 15 minutes at most, which every function that a state calls may use. */
export const functionTimeoutSeconds = 900;

/** A state waits longer than its function works: what ends a function is then Lambda, whose word for it is retried. */
const stateTimeoutSeconds = functionTimeoutSeconds + 30;

/** What every call carries by itself. */
type RunIds = 'tenant' | 'run_id' | 'attempt';

/** The attempt of the run, from a machine's input; an execution of the first need not say so. */
export const attemptOfInput = '{% $exists($states.input.attempt) ? $states.input.attempt : 1 %}';

/** The rest of a task's input, each field a value or an expression: one that is forgotten or unknown does not compile. */
type Payload<T extends TaskName> = { readonly [F in Exclude<keyof TaskInput<T>, RunIds>]: Json };

/**
 * The part of a Task state that calls one of our functions: by name (the names are bound to ARNs where a machine is
 * deployed), with the run's ids and attempt from the machine's variables, and the function's verdict as the state's output. It is
 * retried as all are, but for failures that are `final` in this state.
 */
export const invoke = <T extends TaskName>(task: T, payload: Payload<T>, final: readonly FailureKind[] = []) =>
  invokeWith(task, { tenant: '{% $tenant %}', run_id: '{% $run_id %}', attempt: '{% $attempt %}', ...payload }, final);

/** The same, with nothing but the payload: for what is called before there is a run. */
export const invokeWith = <P extends Json>(task: TaskName, payload: P, final: readonly FailureKind[] = []) =>
  ({
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Arguments: { FunctionName: task, Payload: payload },
    Output: '{% $states.result.Payload %}',
    TimeoutSeconds: stateTimeoutSeconds,
    Retry: retryPolicyWithout(final),
  }) as const satisfies Omit<TaskState, 'Next' | 'End'>;
