import { type AslWorkflow, aslWorkflow } from '../../../src/adapters/local/asl-workflow.ts';
import { realSleep } from '../../../src/adapters/local/asl/time.ts';
import type { ExecutionStatusChange, HistoryEvent } from '../../../src/contracts/execution.ts';
import { Failure, type FailureKind } from '../../../src/contracts/failure.ts';
import type { Execution } from '../../../src/ports/workflow.ts';
import type { FunctionAnswer } from './function-host.ts';
import { type JsonService, serveJson, ServiceError } from './json-service.ts';
import { redrivenDefinition, redrivenHistory } from './redrive.ts';

/** Step Functions on loopback. */
export type StepFunctionsServer = JsonService & {
  readonly engine: AslWorkflow;
  /** Makes a machine known, by the name that it has in the stack. */
  create(name: string, definition: object): Promise<void>;
  /** Gives the executions of a machine from now on another time limit than its definition does; none: that one again. */
  limit(name: string, seconds: number | undefined): Promise<void>;
  /** What happened in an execution, the oldest first. */
  history(executionArn: string): Promise<readonly HistoryEvent[]>;
  /** Bytes of the largest payload that a state sent to a function or got from it. */
  largestPayload(): number;
};

/** What happens outside of it. */
export type StepFunctionsOptions = {
  /** Calls a function that a state names. */
  readonly invoke: (functionName: string, payload: unknown) => Promise<FunctionAnswer>;
  /** Is handed the event of each execution's end. */
  readonly onStatusChange: (event: ExecutionStatusChange) => Promise<unknown>;
  /** By how much seconds of the machines are shorter than those of clocks: waits, pauses before retries, time limits. */
  readonly hurry?: number;
};

/** The engine has one account of its own; AWS's is what its callers see. */
const ours = 'arn:aws:states:local:000000000000:';
const theirs = 'arn:aws:states:us-east-1:000000000000:';

/** A redriven execution is the engine's of a machine of its own, whose name ends in this; its callers see the same as before. */
const redriven = '-redriven';

const outward = <T>(value: T): T =>
  JSON.parse(
    JSON.stringify(value).replaceAll(ours, theirs).replaceAll(`${redriven}:`, ':').replaceAll(`${redriven}"`, '"'),
  ) as T;
const inward = (arn: string): string => arn.replace(theirs, ours);

/** The machine of an ARN, which may name a version of it. */
const machineOf = (arn: string): string => /:stateMachine:([^:]+)/.exec(arn)?.[1] ?? arn;

const seconds = (time: string): number => Date.parse(time) / 1_000;

type Request = Readonly<Record<string, string>>;

/** Serves Step Functions' API over its wire protocol; the embedded engine runs the machines. */
export const startStepFunctionsServer = async (options: StepFunctionsOptions): Promise<StepFunctionsServer> => {
  let largest = 0;
  const measured = <T>(payload: T): T => {
    largest = Math.max(largest, Buffer.byteLength(JSON.stringify(payload) ?? ''));
    return payload;
  };
  const engine = aslWorkflow({
    // A function of Lambda is not told that its state is over: the signal goes nowhere.
    invoke: async (name, payload) => {
      const answer = await options.invoke(name.slice(name.lastIndexOf(':') + 1), outward(measured(payload)));
      if ('result' in answer) return measured(JSON.parse(answer.result) as unknown);
      const { errorType, errorMessage } = answer.error;
      throw Object.assign(new Error(errorMessage), { name: errorType });
    },
    onStatusChange: async (event) => {
      const seen = outward(event);
      const first = await engine.describe(inward(seen.detail.executionArn));
      // An execution that was redriven began when it first did.
      const startDate = first === undefined ? seen.detail.startDate : Date.parse(first.started_at);
      return options.onStatusChange({ ...seen, detail: { ...seen.detail, startDate } });
    },
    sleep: (milliseconds, signal) => realSleep(milliseconds / (options.hurry ?? 1), signal),
  });
  const executions: Execution[] = [];
  const redrives = new Map<string, string>();
  /** The engine's id of an execution, as it goes on where it was redriven. */
  const current = (arn: string): string => redrives.get(inward(arn)) ?? inward(arn);
  const described = async (arn = ''): Promise<Execution> => {
    const [first, now] = [await engine.describe(inward(arn)), await engine.describe(current(arn))];
    if (first === undefined || now === undefined)
      throw new ServiceError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
    return { ...now, execution_id: first.execution_id, machine: first.machine, started_at: first.started_at };
  };
  const deploy = async ({ stateMachineArn = '', definition = '' }: Request): Promise<void> => {
    await named({ INVALID_REQUEST: 'InvalidDefinition' }, () =>
      engine.deploy(machineOf(stateMachineArn), JSON.parse(definition)),
    );
    known.add(machineOf(stateMachineArn));
  };
  const known = new Set<string>();
  const created = new Map<string, object>();
  const versions = new Map<string, number>();
  const nextVersion = (arn: string): string => {
    const version = (versions.get(arn) ?? 0) + 1;
    versions.set(arn, version);
    return `${arn}:${version}`;
  };

  const service = await serveJson({
    StartExecution: async ({ stateMachineArn = '', name = crypto.randomUUID(), input = '{}' }: Request) => {
      const { execution_id } = await named(
        { CONFLICT: 'ExecutionAlreadyExists', NOT_FOUND: 'StateMachineDoesNotExist', INVALID_REQUEST: 'InvalidName' },
        () => engine.start({ machine: machineOf(stateMachineArn), name, input: JSON.parse(input) }),
      );
      const started = await described(execution_id);
      executions.push(started);
      return { executionArn: outward(execution_id), startDate: seconds(started.started_at) };
    },
    DescribeExecution: async ({ executionArn }: Request) => {
      const { execution_id, machine, name, status, started_at, ended_at, input, output, error, cause } =
        await described(executionArn);
      return outward({
        executionArn: execution_id,
        stateMachineArn: `${theirs}stateMachine:${machine}`,
        name,
        status,
        startDate: seconds(started_at),
        ...(ended_at === undefined ? {} : { stopDate: seconds(ended_at) }),
        input: JSON.stringify(input),
        ...(output === undefined ? {} : { output: JSON.stringify(output) }),
        error,
        cause,
      });
    },
    StopExecution: async ({ executionArn = '', error = '', cause = '' }: Request) => {
      await described(executionArn);
      await engine.stop(current(executionArn), { error, cause });
      return { stopDate: Date.now() / 1_000 };
    },
    RedriveExecution: async ({ executionArn = '' }: Request) => {
      const { execution_id, machine, name, input, status } = await described(executionArn);
      const definition = created.get(machine);
      if (redrives.has(execution_id) || definition === undefined || ['RUNNING', 'SUCCEEDED'].includes(status))
        throw new ServiceError('ExecutionNotRedrivable', `Execution '${executionArn}' is not redrivable`);
      const events = await engine.history(execution_id);
      await engine.deploy(`${machine}${redriven}`, redrivenDefinition(definition, events));
      const more = await engine.start({ machine: `${machine}${redriven}`, name, input });
      redrives.set(execution_id, more.execution_id);
      return { redriveDate: Date.now() / 1_000 };
    },
    GetExecutionHistory: async (request: {
      readonly executionArn: string;
      readonly maxResults?: number;
      readonly nextToken?: string;
      readonly reverseOrder?: boolean;
    }) => {
      await described(request.executionArn);
      const first = inward(request.executionArn);
      const more = redrives.get(first);
      const began = await engine.history(first);
      const events = more === undefined ? began : redrivenHistory(began, await engine.history(more));
      const ordered = request.reverseOrder === true ? events.toReversed() : events;
      const from = Number(request.nextToken ?? 0);
      const to = from + (request.maxResults ?? 100);
      return outward({
        events: ordered
          .slice(from, to)
          .map((event: HistoryEvent) => ({ ...event, timestamp: seconds(event.timestamp) })),
        ...(to < ordered.length ? { nextToken: String(to) } : {}),
      });
    },
    ListExecutions: async ({ stateMachineArn = '', statusFilter }: Request) => {
      const own = executions.filter(({ machine }) => machine === machineOf(stateMachineArn));
      const now = await Promise.all(own.map(async (one) => (await engine.describe(one.execution_id)) ?? one));
      return {
        executions: now
          .filter(({ status }) => statusFilter === undefined || status === statusFilter)
          .map(({ execution_id, name, status, started_at }) =>
            outward({ executionArn: execution_id, stateMachineArn, name, status, startDate: seconds(started_at) }),
          ),
      };
    },
    SendTaskSuccess: ({ taskToken = '', output = '' }: Request) =>
      named({ NOT_FOUND: 'InvalidToken' }, () => engine.sendTaskSuccess(taskToken, JSON.parse(output))),
    SendTaskFailure: ({ taskToken = '', error = '', cause = '' }: Request) =>
      named({ NOT_FOUND: 'InvalidToken' }, () => engine.sendTaskFailure(taskToken, error, cause)),
    CreateStateMachine: async ({ name = '', definition = '' }: Request) => {
      const stateMachineArn = `${theirs}stateMachine:${name}`;
      await deploy({ stateMachineArn, definition });
      return {
        stateMachineArn,
        stateMachineVersionArn: nextVersion(stateMachineArn),
        creationDate: Date.now() / 1_000,
      };
    },
    UpdateStateMachine: async ({ stateMachineArn = '', definition = '' }: Request) => {
      if (!known.has(machineOf(stateMachineArn)))
        throw new ServiceError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${stateMachineArn}'`);
      await deploy({ stateMachineArn, definition });
      return { updateDate: Date.now() / 1_000, stateMachineVersionArn: nextVersion(stateMachineArn) };
    },
    DeleteStateMachine: async ({ stateMachineArn = '' }: Request) => {
      known.delete(machineOf(stateMachineArn));
      await engine.remove(machineOf(stateMachineArn));
    },
  });

  return {
    url: service.url,
    engine,
    create: (name, definition) => {
      created.set(name, definition);
      return deploy({ stateMachineArn: `${theirs}stateMachine:${name}`, definition: JSON.stringify(definition) });
    },
    limit: (name, seconds) => {
      const definition = created.get(name);
      if (definition === undefined) throw new Error(`No machine was created as ${name}.`);
      const limited = seconds === undefined ? definition : { ...definition, TimeoutSeconds: seconds };
      return deploy({ stateMachineArn: `${theirs}stateMachine:${name}`, definition: JSON.stringify(limited) });
    },
    history: (executionArn) => engine.history(inward(executionArn)),
    largestPayload: () => largest,
    close: async () => {
      await engine.close('The platform was stopped.');
      await service.close();
    },
  };
};

/** Does some work of the engine's, with its failures under the names that Step Functions has for them. */
const named = async <T>(names: Partial<Record<FailureKind, string>>, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (thrown) {
    const name = thrown instanceof Failure ? names[thrown.kind] : undefined;
    throw name === undefined ? thrown : new ServiceError(name, (thrown as Error).message);
  }
};
