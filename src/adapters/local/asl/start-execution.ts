import { randomUUID } from 'node:crypto';
import { toFailure, type FailureKind } from '../../../contracts/failure.ts';
import { machineArn, machineOf } from './arn.ts';
import type { EndedExecution, RunningExecution, StopReason } from './running-execution.ts';
import { StatesError } from './states-error.ts';
import { argument, stringArgument, type TaskCall } from './task-call.ts';

/** The errors of StartExecution, as a task names them. */
const startErrors: Partial<Record<FailureKind, string>> = {
  NOT_FOUND: 'StepFunctions.StateMachineDoesNotExistException',
  CONFLICT: 'StepFunctions.ExecutionAlreadyExistsException',
  INVALID_REQUEST: 'StepFunctions.InvalidNameException',
  REQUEST_TOO_LARGE: 'StepFunctions.InvalidExecutionInputException',
};

const begin = ({ interpreter, args }: TaskCall, startedBy?: string): RunningExecution => {
  const machine = machineOf(stringArgument(args, 'StateMachineArn'));
  const name = argument(args, 'Name') === undefined ? randomUUID() : stringArgument(args, 'Name');
  try {
    const request = { machine, name, input: argument(args, 'Input') ?? {} };
    return interpreter.startExecution(startedBy === undefined ? request : { ...request, startedBy });
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

/** A child ends for the reason for which its task does: the failure that stopped the run, or the task's own time-out. */
const stopReason = (reason: unknown): StopReason =>
  reason instanceof StatesError
    ? { error: reason.error ?? 'States.TaskFailed', cause: reason.cause ?? 'The task that started it was stopped.' }
    : {
        error: toFailure(reason).kind,
        cause: reason instanceof Error ? reason.message : 'The task that started it was stopped.',
      };

/** Starts another machine and goes on. */
export const startExecution = async (call: TaskCall): Promise<unknown> => started(begin(call));

/** Starts another machine and waits for its end; it is stopped when the task is. Fails with States.TaskFailed if it does not succeed. */
export const startExecutionSync = async (call: TaskCall): Promise<unknown> => {
  const { signal } = call;
  const child = begin(call, call.execution);
  const stop = (): void => child.stop(stopReason(signal.reason));
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  call.submitted(started(child));
  const ended = await child.ended;
  signal.removeEventListener('abort', stop);
  if (ended.status === 'SUCCEEDED') return describe(child, ended);
  throw new StatesError('States.TaskFailed', JSON.stringify(describe(child, ended)));
};
