import { withDeadline } from './abort.ts';
import { toPayload } from './payload.ts';
import { StatesError } from './states-error.ts';
import { argument, stringArgument, type TaskCall } from './task-call.ts';

/** What a function threw as Lambda reports it: the error's name, and a cause that is JSON. */
const functionError = (thrown: unknown): StatesError => {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const trace = error.stack?.split('\n') ?? [];
  return new StatesError(error.name, JSON.stringify({ errorType: error.name, errorMessage: error.message, trace }));
};

/** Calls a function and gives what Lambda's `Invoke` answers. Fails with the name of what the function throws. */
export const invokeFunction = async ({ interpreter, args, signal }: TaskCall): Promise<unknown> => {
  const name = stringArgument(args, 'FunctionName');
  try {
    const result = await interpreter.invoke(name, argument(args, 'Payload') ?? null, signal);
    return { ExecutedVersion: '$LATEST', Payload: toPayload(result).value, StatusCode: 200 };
  } catch (thrown) {
    throw functionError(thrown);
  }
};

/** Calls a function, then waits until somebody sends something for the task's token. */
export const invokeAndWait = async (call: TaskCall): Promise<unknown> => {
  call.submitted(await invokeFunction(call));
  const { interpreter, signal, heartbeatSeconds, answer } = call;
  // No heartbeat can be sent on this engine's port, so the seconds between two are the most a token may take.
  const deadline = { seconds: heartbeatSeconds, reason: () => new StatesError('States.HeartbeatTimeout') };
  return withDeadline(interpreter.time, signal, deadline, async () => answer);
};
