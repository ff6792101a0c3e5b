import { withDeadline } from './abort.ts';
import type { TaskResource, TaskState } from './definition.ts';
import { record } from './flow.ts';
import { invokeAndWait, invokeFunction } from './lambda-invoke.ts';
import { toPayload, withinLimit, type Payload } from './payload.ts';
import { withRecovery } from './recovery.ts';
import { startExecution, startExecutionSync } from './start-execution.ts';
import { StatesError, toStatesError } from './states-error.ts';
import type { TaskCall } from './task-call.ts';
import { evaluate, evaluateCount, leave, type Outcome, type Visit } from './visit.ts';

/** How a resource works, and how the history names it. */
type Integration = {
  readonly resourceType: string;
  readonly resource: string;
  readonly token?: true;
  readonly run: (call: TaskCall) => Promise<unknown>;
};

const integrations: Readonly<Record<TaskResource, Integration>> = {
  'arn:aws:states:::lambda:invoke': { resourceType: 'lambda', resource: 'invoke', run: invokeFunction },
  'arn:aws:states:::lambda:invoke.waitForTaskToken': {
    resourceType: 'lambda',
    resource: 'invoke.waitForTaskToken',
    token: true,
    run: invokeAndWait,
  },
  'arn:aws:states:::states:startExecution': { resourceType: 'states', resource: 'startExecution', run: startExecution },
  'arn:aws:states:::states:startExecution.sync:2': {
    resourceType: 'states',
    resource: 'startExecution.sync:2',
    run: startExecutionSync,
  },
};

type Prepared = {
  readonly args: Payload;
  readonly timeout: number | undefined;
  readonly heartbeat: number | undefined;
};

const prepare = async (state: TaskState, visit: Visit, taskToken: string | undefined): Promise<Prepared> => {
  const context = taskToken === undefined ? {} : { Task: { Token: taskToken } };
  const { input } = visit;
  const given =
    state.Arguments === undefined ? input.value : await evaluate(visit, state.Arguments, 'Arguments', { context });
  return {
    // A copy: what a function does to its payload must not reach the variables and inputs of other states.
    args: withinLimit(toPayload(given), visit.name),
    timeout: await evaluateCount(visit, state.TimeoutSeconds, 'TimeoutSeconds', 1),
    heartbeat: await evaluateCount(visit, state.HeartbeatSeconds, 'HeartbeatSeconds', 1),
  };
};

/** Runs the task's work between its TaskScheduled event and the one that tells how it went. */
const work = async (
  { resource, resourceType, run }: Integration,
  visit: Visit,
  { args, timeout, heartbeat }: Prepared,
  answer: Promise<unknown> | undefined,
): Promise<Payload> => {
  const { flow } = visit;
  const source = { resource, resourceType };
  record(flow, 'TaskScheduled', {
    taskScheduledEventDetails: {
      ...source,
      region: 'local',
      parameters: args.json,
      ...(timeout === undefined ? {} : { timeoutInSeconds: timeout }),
      ...(heartbeat === undefined ? {} : { heartbeatInSeconds: heartbeat }),
    },
  });
  record(flow, 'TaskStarted', { taskStartedEventDetails: source });
  let timedOut: StatesError | undefined;
  const deadline = { seconds: timeout, reason: () => (timedOut = new StatesError('States.Timeout')) };
  try {
    const result = await withDeadline(flow.interpreter.time, flow.signal, deadline, (signal) => {
      const submitted = (output: unknown): void => {
        if (signal.aborted) return;
        record(flow, 'TaskSubmitted', { taskSubmittedEventDetails: { ...source, output: toPayload(output).json } });
      };
      const call = {
        interpreter: flow.interpreter,
        execution: flow.executionId,
        args: args.value,
        signal,
        heartbeatSeconds: heartbeat,
        answer,
      };
      return run({ ...call, submitted });
    });
    const output = withinLimit(toPayload(result), resourceType);
    record(flow, 'TaskSucceeded', { taskSucceededEventDetails: { ...source, output: output.json } });
    return output;
  } catch (thrown) {
    if (flow.signal.aborted) throw thrown;
    const { error, cause } = toStatesError(thrown);
    const details = { ...source, ...(error === undefined ? {} : { error }), ...(cause === undefined ? {} : { cause }) };
    if ((timedOut !== undefined && thrown === timedOut) || error === 'States.HeartbeatTimeout') {
      record(flow, 'TaskTimedOut', { taskTimedOutEventDetails: details });
    } else {
      record(flow, 'TaskFailed', { taskFailedEventDetails: details });
    }
    throw thrown;
  }
};

const attempt = async (state: TaskState, visit: Visit): Promise<Outcome> => {
  const integration = integrations[state.Resource];
  const issued = integration.token ? visit.flow.interpreter.tokens.issue() : undefined;
  try {
    const prepared = await prepare(state, visit, issued?.token);
    const result = await work(integration, visit, prepared, issued?.answer);
    return await leave(visit, state, result, { result: result.value });
  } finally {
    issued?.retire();
  }
};

/** Does the work that `Resource` names. Each attempt has the whole of `TimeoutSeconds`, and a token of its own. */
export const runTask = (state: TaskState, visit: Visit): Promise<Outcome> =>
  withRecovery(state, visit, () => attempt(state, visit));
