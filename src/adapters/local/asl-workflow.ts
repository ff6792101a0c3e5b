import type { ExecutionStatusChange } from '../../contracts/execution.ts';
import { Failure } from '../../contracts/failure.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Execution, Workflow } from '../../ports/workflow.ts';
import { executionArn } from './asl/arn.ts';
import type { Machine } from './asl/definition.ts';
import { runExecution } from './asl/execution.ts';
import type { Engine, Invoke } from './asl/flow.ts';
import { parseMachine } from './asl/parse-machine.ts';
import { isTooLarge, toPayload } from './asl/payload.ts';
import { runBlock } from './asl/run-block.ts';
import type { RunningExecution } from './asl/running-execution.ts';
import { statusChange } from './asl/status-change.ts';
import { newTaskTokens } from './asl/task-tokens.ts';
import { realSleep, type Time } from './asl/time.ts';

/** What the embedded engine needs from the outside. */
export type AslWorkflowOptions = {
  readonly invoke: Invoke;
  /** Called once for each execution that has ended, its history complete; called again, a few times, if it fails. */
  readonly onStatusChange: (event: ExecutionStatusChange) => Promise<unknown>;
  /** Told of a status change that could not be delivered. */
  readonly onError?: (error: unknown, event: ExecutionStatusChange) => void;
  readonly clock?: Pick<Clock, 'now'>;
  readonly sleep?: Time['sleep'];
};

/** The embedded engine: the workflow port, and how its host ends it. */
export type AslWorkflow = Workflow & {
  /** Stops all that runs, starts nothing more, and resolves when every status change was handled. */
  close(cause: string): Promise<void>;
  /** Resolves when nothing runs and every status change was handled. */
  idle(): Promise<void>;
};

/** Ended executions that can still be described: some hundred kilobytes each at most, as states carry verdicts alone. */
const MOST_ENDED = 200;

/** Milliseconds before each further delivery of a status change. */
const DELIVERY_PAUSES = [100, 400, 1_600];

const namePattern = /^[A-Za-z0-9_-]{1,80}$/;

const checkName = (what: string, name: string): void => {
  if (namePattern.test(name)) return;
  throw new Failure(
    'INVALID_REQUEST',
    `"${name}" is no name of ${what}. Use 1 to 80 letters, digits, hyphens and underscores.`,
    { where: 'name' },
  );
};

const describeExecution = (execution: RunningExecution): Execution => {
  const { id, machine, name, input, startedAt } = execution;
  const outcome = execution.outcome();
  return {
    execution_id: id,
    machine,
    name,
    status: outcome?.status ?? 'RUNNING',
    started_at: startedAt.toISOString(),
    ...(outcome === undefined ? {} : { ended_at: outcome.at.toISOString() }),
    input: input.value,
    ...(outcome?.output === undefined ? {} : { output: outcome.output.value }),
    ...(outcome?.error === undefined ? {} : { error: outcome.error }),
    ...(outcome?.cause === undefined ? {} : { cause: outcome.cause }),
  };
};

/** A workflow engine inside this process: it interprets the same Amazon States Language that Step Functions runs. */
export const aslWorkflow = (options: AslWorkflowOptions): AslWorkflow => {
  const { invoke, onStatusChange, onError = () => undefined, clock, sleep = realSleep } = options;
  const time: Time = { now: () => clock?.now() ?? new Date(), sleep };
  const machines = new Map<string, Machine>();
  const executions = new Map<string, RunningExecution>();
  /** Ids of executions that ended and were told of, oldest first. */
  const told: string[] = [];
  /** One promise for each execution until its end was told. */
  const pending = new Set<Promise<void>>();
  const never = new AbortController().signal;
  let closed = false;

  const deliver = async (event: ExecutionStatusChange): Promise<void> => {
    for (const pause of [...DELIVERY_PAUSES, undefined]) {
      try {
        await onStatusChange(event);
        return;
      } catch (error) {
        if (pause === undefined) onError(error, event);
        else await time.sleep(pause, never);
      }
    }
  };

  const follow = async (execution: RunningExecution): Promise<void> => {
    await deliver(statusChange(execution, await execution.ended));
    told.push(execution.id);
    const forgotten = told.length > MOST_ENDED ? told.shift() : undefined;
    if (forgotten !== undefined) executions.delete(forgotten);
  };

  const startExecution: Engine['startExecution'] = ({ machine, name, input }) => {
    if (closed)
      throw new Failure('RUN_INTERRUPTED', 'The workflow engine is shutting down. Start the service, then try again.');
    checkName('an execution', name);
    const payload = toPayload(input);
    if (isTooLarge(payload.json)) {
      throw new Failure(
        'REQUEST_TOO_LARGE',
        'The input of an execution is at most 256 KiB of JSON. Store it and send where it is.',
      );
    }
    const known = executions.get(executionArn(machine, name));
    if (known !== undefined) {
      if (known.outcome() === undefined && known.input.json === payload.json) return known;
      throw new Failure(
        'CONFLICT',
        `The state machine "${machine}" already has an execution named "${name}", with another input or at its end. Choose another name.`,
        { where: 'name' },
      );
    }
    const definition = machines.get(machine);
    if (definition === undefined) {
      throw new Failure('NOT_FOUND', `There is no state machine "${machine}". Deploy it first.`, { where: 'machine' });
    }
    const execution = runExecution(engine, definition, { machine, name, input: payload });
    executions.set(execution.id, execution);
    const followed = follow(execution).finally(() => pending.delete(followed));
    pending.add(followed);
    return execution;
  };

  const engine: Engine = { time, invoke, tokens: newTaskTokens(), startExecution, runBlock };

  const idle = async (): Promise<void> => {
    // What handles a status change may start more.
    while (pending.size > 0) await Promise.all(pending);
  };

  return {
    async start(request) {
      return { execution_id: startExecution(request).id };
    },
    async stop(executionId, cause) {
      const execution = executions.get(executionId);
      if (execution === undefined) {
        throw new Failure('NOT_FOUND', `There is no execution "${executionId}". Ended ones are kept for a while only.`);
      }
      execution.stop(cause);
    },
    async describe(executionId) {
      const execution = executions.get(executionId);
      return execution && describeExecution(execution);
    },
    async history(executionId) {
      return [...(executions.get(executionId)?.events ?? [])];
    },
    async sendTaskSuccess(token, output) {
      engine.tokens.succeed(token, output);
    },
    async sendTaskFailure(token, error, cause) {
      engine.tokens.fail(token, error, cause);
    },
    async deploy(machine, definition) {
      checkName('a state machine', machine);
      machines.set(machine, parseMachine(machine, definition));
    },
    async remove(machine) {
      machines.delete(machine);
    },
    async close(cause) {
      closed = true;
      for (const execution of executions.values()) execution.stop(cause);
      await idle();
    },
    idle,
  };
};
