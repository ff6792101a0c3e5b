import {
  CreateStateMachineCommand,
  DeleteStateMachineCommand,
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  paginateGetExecutionHistory,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  type SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
  UpdateStateMachineCommand,
} from '@aws-sdk/client-sfn';
import { ExecutionStatus, type HistoryEvent } from '../../contracts/execution.ts';
import { Failure, type FailureKind } from '../../contracts/failure.ts';
import { bindResources } from '../../domain/chain/bind-resources.ts';
import type { Execution, Workflow } from '../../ports/workflow.ts';
import { awsFailure, isNamed } from './aws-failure.ts';

/** Where the machines and functions of one deployment are, and the role under which new machines run. */
export type StepFunctionsSettings = {
  /** The ARN of every machine up to its plain name. */
  readonly machineArnPrefix: string;
  /** The ARN of every function up to its plain name. */
  readonly functionArnPrefix: string;
  readonly machineRoleArn: string;
};

/** Runs machines on AWS Step Functions. A machine of the plain name `catalog` is the state machine `{prefix}catalog`. */
export const stepFunctionsWorkflow = (options: {
  readonly client: SFNClient;
  readonly settings: StepFunctionsSettings;
}): Workflow => {
  const { client, settings } = options;
  const machineArn = (machine: string): string => `${settings.machineArnPrefix}${machine}`;

  const describe: Workflow['describe'] = async (executionId) => {
    const request = new DescribeExecutionCommand({ executionArn: executionId });
    const found = await ask(client.send(request), unknownExecution);
    return found === undefined ? undefined : execution(found, settings.machineArnPrefix);
  };

  return {
    async start({ machine, name, input }) {
      const request = { stateMachineArn: machineArn(machine), name, input: JSON.stringify(input) };
      if (Buffer.byteLength(request.input) > maxInputBytes)
        refuse(
          'REQUEST_TOO_LARGE',
          'The input of an execution is at most 256 KiB of JSON. Store it and send where it is.',
          'input',
        )();
      const answer = await ask(client.send(new StartExecutionCommand(request)), {
        // A running one with this name and input is answered by Step Functions itself; this is every other use.
        ExecutionAlreadyExists: refuse('CONFLICT', `"${machine}" has had another execution named "${name}".`, machine),
        InvalidName: refuse(
          'INVALID_REQUEST',
          `"${name}" is no name of an execution. Use 1 to 80 letters, digits, hyphens and underscores.`,
          'name',
        ),
        StateMachineDoesNotExist: refuse('NOT_FOUND', `No machine is called "${machine}". Deploy it first.`, machine),
      });
      return { execution_id: answer.executionArn ?? '' };
    },

    async stop(executionId, { error, cause }) {
      // Step Functions stops the executions that a state waits for along with the one that waits. A function that is under
      // way is not told: Lambda has no such message, so it works on until its end, and its answer is dropped.
      const request = { executionArn: executionId, error, cause: cause.slice(0, longestCause) };
      const unknown = refuse('NOT_FOUND', `There is no execution "${executionId}".`, 'execution_id');
      await ask(client.send(new StopExecutionCommand(request)), {
        ExecutionDoesNotExist: unknown,
        InvalidArn: unknown,
      });
    },

    describe,

    find: async (machine, name) => describe(`${machineArn(machine).replace(':stateMachine:', ':execution:')}:${name}`),

    async history(executionId) {
      return (await ask(readHistory(client, executionId), unknownExecution)) ?? [];
    },

    async sendTaskSuccess(token, output) {
      const request = { taskToken: token, output: JSON.stringify(output) };
      await ask(client.send(new SendTaskSuccessCommand(request)), answeredTask);
    },

    async sendTaskFailure(token, error, cause) {
      const request = { taskToken: token, error, cause: cause.slice(0, longestCause) };
      await ask(client.send(new SendTaskFailureCommand(request)), answeredTask);
    },

    async deploy(machine, definition) {
      const bound = bindResources(definition, {
        functionArn: (name) => `${settings.functionArnPrefix}${name}`,
        machineArn,
      });
      const content = { definition: JSON.stringify(bound), roleArn: settings.machineRoleArn, publish: true };
      await ask(createOrUpdate(client, machineArn(machine), content), {
        InvalidDefinition: (error) => {
          throw new Failure('INVALID_REQUEST', `Machine "${machine}": ${error.message}`, {
            where: machine,
            cause: error,
          });
        },
      });
    },

    async remove(machine) {
      // Deleting what is not there is no error to Step Functions either.
      await ask(client.send(new DeleteStateMachineCommand({ stateMachineArn: machineArn(machine) })), {});
    },
  };
};

/** Characters of a cause that Step Functions takes. */
const longestCause = 32_768;

/** Bytes of an input that Step Functions takes. */
const maxInputBytes = 262_144;

/** What to make of an error that the service names. */
type Instead<U> = Readonly<Record<string, (error: Error) => U>>;

const nothing = (): undefined => undefined;

const refuse = (kind: FailureKind, message: string, where: string) => (): never => {
  throw new Failure(kind, message, { where });
};

/** What is said of an execution that is not, or no longer, there. */
const unknownExecution: Instead<undefined> = { ExecutionDoesNotExist: nothing, InvalidArn: nothing };

/** What is said of a task that has had its answer: a second one is harmless. A token that is none is a mistake. */
const answeredTask: Instead<undefined> = {
  TaskDoesNotExist: nothing,
  TaskTimedOut: nothing,
  InvalidToken: refuse(
    'NOT_FOUND',
    'There is no task with this token. Send the token exactly as the task was given it.',
    'token',
  ),
};

/** The service's answer, or what is made of an error it names. Any other error fails with STORAGE_FAILED. */
const ask = async <T, U>(call: Promise<T>, instead: Instead<U>): Promise<T | U> => {
  try {
    return await call;
  } catch (thrown) {
    const make = thrown instanceof Error ? instead[thrown.name] : undefined;
    if (make === undefined) throw awsFailure('Step Functions', thrown);
    return make(thrown as Error);
  }
};

const createOrUpdate = async (
  client: SFNClient,
  arn: string,
  content: { readonly definition: string; readonly roleArn: string; readonly publish: boolean },
): Promise<void> => {
  const tracingConfiguration = { enabled: true };
  try {
    await client.send(new UpdateStateMachineCommand({ stateMachineArn: arn, tracingConfiguration, ...content }));
  } catch (thrown) {
    if (!isNamed(thrown, 'StateMachineDoesNotExist')) throw thrown;
    const name = arn.slice(arn.lastIndexOf(':') + 1);
    await client.send(new CreateStateMachineCommand({ name, type: 'STANDARD', tracingConfiguration, ...content }));
  }
};

const readHistory = async (client: SFNClient, executionArn: string): Promise<readonly HistoryEvent[]> => {
  const events: HistoryEvent[] = [];
  const pages = paginateGetExecutionHistory({ client, pageSize: 1000 }, { executionArn, includeExecutionData: true });
  for await (const page of pages) {
    for (const { timestamp, id, previousEventId, type, ...details } of page.events ?? []) {
      events.push({
        ...details,
        id: id ?? 0,
        previousEventId: previousEventId ?? 0,
        timestamp: timestamp?.toISOString() ?? '',
        type: type ?? '',
      });
    }
  }
  return events;
};

const execution = (found: DescribeExecutionCommandOutput, prefix: string): Execution => ({
  execution_id: found.executionArn ?? '',
  machine: (found.stateMachineArn ?? '').slice(prefix.length),
  name: found.name ?? '',
  // PENDING_REDRIVE is the one status that the port does not know: an execution that is about to go on.
  status: ExecutionStatus.catch('RUNNING').parse(found.status),
  started_at: found.startDate?.toISOString() ?? '',
  ...(found.stopDate === undefined ? {} : { ended_at: found.stopDate.toISOString() }),
  input: parse(found.input),
  ...(found.output === undefined ? {} : { output: parse(found.output) }),
  ...(found.error === undefined ? {} : { error: found.error }),
  ...(found.cause === undefined ? {} : { cause: found.cause }),
});

const parse = (text: string | undefined): unknown => (text === undefined ? undefined : JSON.parse(text));
