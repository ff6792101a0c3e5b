import { Failure, isFailureKind } from '../../../contracts/failure.ts';
import { withDeadline } from './abort.ts';
import { executionArn, machineArn } from './arn.ts';
import type { Machine } from './definition.ts';
import type { Interpreter, Flow } from './flow.ts';
import { HISTORY_LIMIT, newHistory } from './history.ts';
import type { Payload } from './payload.ts';
import type { EndedExecution, RunningExecution } from './running-execution.ts';
import { toStatesError } from './states-error.ts';

const ROLE = 'arn:aws:iam::000000000000:role/local';

const endEvents = {
  SUCCEEDED: 'ExecutionSucceeded',
  FAILED: 'ExecutionFailed',
  TIMED_OUT: 'ExecutionTimedOut',
  ABORTED: 'ExecutionAborted',
} as const;

const endDetails = ({ output, error, cause }: Omit<EndedExecution, 'at'>): Readonly<Record<string, unknown>> => ({
  ...(output === undefined ? {} : { output: output.json }),
  ...(error === undefined ? {} : { error }),
  ...(cause === undefined ? {} : { cause }),
});

/** Starts an execution of a machine. */
export const runExecution = (
  interpreter: Interpreter,
  definition: Machine,
  request: {
    readonly machine: string;
    readonly name: string;
    readonly input: Payload;
    readonly startedBy?: string | undefined;
  },
): RunningExecution => {
  const { machine, name, input, startedBy } = request;
  const id = executionArn(machine, name);
  const startedAt = interpreter.time.now();
  const running = new AbortController();
  const { promise: ended, resolve } = Promise.withResolvers<EndedExecution>();
  let outcome: EndedExecution | undefined;

  const end = (how: Omit<EndedExecution, 'at'>, lastEvent: number): void => {
    if (outcome !== undefined) return;
    outcome = { ...how, at: interpreter.time.now() };
    const event = endEvents[how.status];
    const key = `${event[0]?.toLowerCase()}${event.slice(1)}EventDetails`;
    history.close(event, lastEvent, { [key]: endDetails(how) });
    // After the history is closed: what unwinds now adds nothing to it.
    const stopped = how.cause ?? `The execution ended as ${how.status}.`;
    const kind = how.status === 'TIMED_OUT' ? 'RUN_TIMED_OUT' : 'RUN_CANCELLED';
    running.abort(new Failure(isFailureKind(how.error) ? how.error : kind, stopped));
    resolve(outcome);
  };
  const history = newHistory(
    () => interpreter.time.now(),
    () => {
      const cause = `The execution reached the maximum number of history events (${HISTORY_LIMIT}).`;
      end({ status: 'FAILED', error: 'States.Runtime', cause }, history.events.length);
    },
  );

  const flow: Flow = {
    interpreter,
    executionId: id,
    history,
    signal: running.signal,
    context: {
      Execution: {
        Id: id,
        Input: input.value,
        Name: name,
        RoleArn: ROLE,
        StartTime: startedAt.toISOString(),
        RedriveCount: 0,
      },
      StateMachine: { Id: machineArn(machine), Name: machine },
    },
    lastEvent: 0,
    variables: {},
  };

  const run = async (): Promise<void> => {
    const timedOut = { status: 'TIMED_OUT', error: 'States.Timeout' } as const;
    const deadline = { seconds: definition.TimeoutSeconds, reason: () => end(timedOut, history.events.length) };
    try {
      const output = await withDeadline(interpreter.time, running.signal, deadline, () =>
        interpreter.runBlock(definition, input, flow),
      );
      end({ status: 'SUCCEEDED', output }, flow.lastEvent);
    } catch (thrown) {
      const { error, cause } = toStatesError(thrown);
      end({ status: 'FAILED', error, cause }, flow.lastEvent);
    }
  };

  history.append('ExecutionStarted', 0, { executionStartedEventDetails: { input: input.json, roleArn: ROLE } });
  void run();
  return {
    id,
    machine,
    name,
    input,
    startedAt,
    startedBy,
    events: history.events,
    outcome: () => outcome,
    ended,
    stop: ({ error, cause }) => end({ status: 'ABORTED', error, cause }, 0),
  };
};
