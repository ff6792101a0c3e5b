import { randomUUID } from 'node:crypto';
import { toFailure, type FailureKind } from '../../../contracts/failure.ts';
import { machineArn, machineOf } from './arn.ts';
import type { EndedExecution, RunningExecution } from './running-execution.ts';
import { StatesError } from './states-error.ts';
import { argument, stringArgument, type TaskCall } from './task-call.ts';

/** The errors of StartExecution, as a task names them. */
const startErrors: Partial<Record<FailureKind, string>> = {
  NOT_FOUND: 'StepFunctions.StateMachineDoesNotExistException',
  CONFLICT: 'StepFunctions.ExecutionAlreadyExistsException',
  INVALID_REQUEST: 'StepFunctions.InvalidNameException',
  REQUEST_TOO_LARGE: 'StepFunctions.InvalidExecutionInputException',
};

const begin = ({ engine, args }: TaskCall): RunningExecution => {
  const machine = machineOf(stringArgument(args, 'StateMachineArn'));
  const name = argument(args, 'Name') === undefined ? randomUUID() : stringArgument(args, 'Name');
  try {
    return engine.startExecution({ machine, name, input: argument(args, 'Input') ?? {} });
  } catch (thrown) {
    const failure = toFailure(thrown);
    throw new StatesError(startErrors[failure.kind] ?? 'StepFunctions.SdkClientException', failure.message);
  }
};

const started = (child: RunningExecution): unknown => ({
  ExecutionArn: child.id,
  StartDate: child.startedAt.getTime(),
});

/** DescribeExecution of a child that has ended. Its input and output are JSON values on success, texts on failure. */
const describe = (child: RunningExecution, ended: EndedExecution): unknown => {
  const succeeded = ended.status === 'SUCCEEDED';
  return {
    ...(ended.cause === undefined ? {} : { Cause: ended.cause }),
    ...(ended.error === undefined ? {} : { Error: ended.error }),
    ExecutionArn: child.id,
    Input: succeeded ? child.input.value : child.input.json,
    InputDetails: { Included: true },
    Name: child.name,
    ...(ended.output === undefined ? {} : { Output: ended.output.value, OutputDetails: { Included: true } }),
    StartDate: child.startedAt.getTime(),
    StateMachineArn: machineArn(child.machine),
    Status: ended.status,
    StopDate: ended.at.getTime(),
  };
};

/** Starts another machine and goes on. */
export const startExecution = async (call: TaskCall): Promise<unknown> => started(begin(call));

/** Starts another machine and waits for its end; it is stopped when the task is. Fails with States.TaskFailed if it does not succeed. */
export const startExecutionSync = async (call: TaskCall): Promise<unknown> => {
  const child = begin(call);
  const { signal } = call;
  const stop = (): void =>
    child.stop(signal.reason instanceof Error ? signal.reason.message : 'The task that started it was stopped');
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  call.submitted(started(child));
  const ended = await child.ended;
  signal.removeEventListener('abort', stop);
  if (ended.status === 'SUCCEEDED') return describe(child, ended);
  throw new StatesError('States.TaskFailed', JSON.stringify(describe(child, ended)));
};
