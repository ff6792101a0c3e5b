import type { ExecutionStatusChange } from '../../contracts/execution.ts';
import { Failure, type FailureKind } from '../../contracts/failure.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Execution, Workflow } from '../../ports/workflow.ts';
import { executionArn } from './asl/arn.ts';
import type { Machine } from './asl/definition.ts';
import { runExecution } from './asl/execution.ts';
import type { Interpreter, Invoke } from './asl/flow.ts';
import { newLedger } from './asl/ledger.ts';
import { parseMachine } from './asl/parse-machine.ts';
import { isTooLarge, toPayload } from './asl/payload.ts';
import { runBlock } from './asl/run-block.ts';
import type { RunningExecution } from './asl/running-execution.ts';
import { statusChange } from './asl/status-change.ts';
import { newTaskTokens } from './asl/task-tokens.ts';
import { tellProgress } from './asl/tell-progress.ts';
import { realSleep, type Time } from './asl/time.ts';

/** What the embedded engine needs from the outside. */
export type AslWorkflowOptions = {
  readonly invoke: Invoke;
  /** Called once for each execution that has ended, its history complete; called again, until it does not fail. */
  readonly onStatusChange: (event: ExecutionStatusChange) => Promise<unknown>;
  /** Told each time when a status change cannot be delivered for longer than a moment. */
  readonly onError?: (error: unknown, event: ExecutionStatusChange) => void;
  /** Called every few seconds for each execution that runs and has gone on since, the ones it started taken as its part. */
  readonly onProgress?: (execution: Execution) => Promise<unknown>;
  readonly clock?: Pick<Clock, 'now'>;
  readonly sleep?: Time['sleep'];
};

/** The embedded engine: the workflow port, and how its host ends it. */
export type AslWorkflow = Workflow & {
  /**
   * Ends all that runs with RUN_INTERRUPTED, starts nothing more, and resolves when every status change was handled, or
   * was tried once more and failed.
   */
  close(cause: string): Promise<void>;
  /** Resolves when nothing runs and every status change was handled. */
  idle(): Promise<void>;
};

/** Ended executions that can still be described. */
const REMEMBERED = { executions: 200, events: 50_000 };

/** Milliseconds before each further delivery of a status change. A store that is away may come back: the last one repeats. */
const DELIVERY_PAUSES = [100, 400, 1_600];
const LAST_PAUSE = 30_000;

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
  const ledger = newLedger(REMEMBERED);
  /** One promise for each execution until its end was told. */
  const pending = new Set<Promise<void>>();
  const closing = new AbortController();

  const deliver = async (event: ExecutionStatusChange): Promise<void> => {
    for (let attempt = 0; ; attempt += 1) {
      const isLast = closing.signal.aborted;
      try {
        await onStatusChange(event);
        return;
      } catch (error) {
        if (isLast || attempt >= DELIVERY_PAUSES.length) onError(error, event);
        if (isLast) return;
        // Woken by the close, it tries one last time.
        await time.sleep(DELIVERY_PAUSES[attempt] ?? LAST_PAUSE, closing.signal).catch(() => undefined);
      }
    }
  };

  const follow = async (execution: RunningExecution): Promise<void> => {
    await deliver(statusChange(execution, await execution.ended));
    ledger.ended(execution);
  };

  const startExecution: Interpreter['startExecution'] = ({ machine, name, input, startedBy }) => {
    if (closing.signal.aborted)
      throw new Failure('RUN_INTERRUPTED', 'The workflow engine is shutting down. Start the service, then try again.');
    checkName('an execution', name);
    const payload = toPayload(input);
    if (isTooLarge(payload.json)) {
      throw new Failure(
        'REQUEST_TOO_LARGE',
        'The input of an execution is at most 256 KiB of JSON. Store it and send where it is.',
      );
    }
    const known = ledger.find(executionArn(machine, name));
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
    const execution = runExecution(interpreter, definition, { machine, name, input: payload, startedBy });
    ledger.add(execution);
    const followed = follow(execution).finally(() => pending.delete(followed));
    pending.add(followed);
    return execution;
  };

  const interpreter: Interpreter = { time, invoke, tokens: newTaskTokens(), startExecution, runBlock };

  const { onProgress } = options;
  const endProgress =
    onProgress === undefined
      ? async () => undefined
      : tellProgress(ledger, (execution) => onProgress(describeExecution(execution)));

  const idle = async (): Promise<void> => {
    // What handles a status change may start more.
    while (pending.size > 0) await Promise.all(pending);
  };

  return {
    async start(request) {
      return { execution_id: startExecution(request).id };
    },
    async stop(executionId, reason) {
      const execution = ledger.find(executionId);
      if (execution === undefined) {
        throw new Failure('NOT_FOUND', `There is no execution "${executionId}". Ended ones are kept for a while only.`);
      }
      execution.stop(reason);
    },
    async describe(executionId) {
      const execution = ledger.find(executionId);
      return execution && describeExecution(execution);
    },
    async find(machine, name) {
      const execution = ledger.find(executionArn(machine, name));
      return execution && describeExecution(execution);
    },
    async history(executionId) {
      return [...(ledger.find(executionId)?.events ?? [])];
    },
    async sendTaskSuccess(token, output) {
      interpreter.tokens.succeed(token, output);
    },
    async sendTaskFailure(token, error, cause) {
      interpreter.tokens.fail(token, error, cause);
    },
    async deploy(machine, definition) {
      checkName('a state machine', machine);
      machines.set(machine, parseMachine(machine, definition));
    },
    async remove(machine) {
      machines.delete(machine);
    },
    async close(cause) {
      closing.abort();
      for (const execution of ledger.all()) execution.stop({ error: 'RUN_INTERRUPTED' satisfies FailureKind, cause });
      await endProgress();
      await idle();
    },
    idle,
  };
};
