import middy from '@middy/core';
import { causeOf } from '../src/contracts/failure-cause.ts';
import { reportOf } from '../src/contracts/failure-report.ts';
import { type Failure, toFailure } from '../src/contracts/failure.ts';
import type { Task } from '../src/contracts/task.ts';
import type { TaskName } from '../src/contracts/tasks.ts';
import type { FreePort, PortsOf } from '../src/ports/port-access.ts';
import type { Ports } from '../src/ports/ports.ts';
import { stopWithSignal } from './stop-with-signal.ts';

/** A use case that a state of a machine calls. */
type TaskUseCase<N extends TaskName, I, O> = (ports: PortsOf<N, FreePort>, input: I) => Promise<O>;

/** What the embedded engine adds to Lambda's context: aborted when the state is over. */
export type TaskContext = { readonly signal?: AbortSignal | undefined };

/**
 * The edge of a function that a state calls: checks the input against the task's contract, gives the use case a log that
 * names the run, and lets a failure out under its own name, by which `Retry` and `Catch` know it.
 */
export const taskHandler = <N extends TaskName, I, O>(
  task: Task<N, I, O>,
  ports: Ports,
  useCase: TaskUseCase<N, NoInfer<I>, NoInfer<O>>,
) =>
  middy<unknown, O>()
    .use({
      onError: ({ event, error, context }) => {
        const failure = toFailure(error);
        const log = ports.log.with(idsOf(event));
        if ((context as TaskContext).signal?.aborted === true)
          log.info('task given up', { task: task.function, reason: failure.kind });
        else log.error('task failed', { task: task.function, failure: failure.kind, error: failure });
        throw asThrown(failure);
      },
    })
    .handler(async (event, context) => {
      const input = task.input.parse(event);
      const { signal } = context as TaskContext;
      const own = { ...ports, log: ports.log.with({ ...idsOf(input), task: task.function }) };
      // All ports are more than any row opens, which the compiler cannot know of a row that it does not know.
      return useCase((signal === undefined ? own : stopWithSignal(own, signal)) as PortsOf<N, FreePort>, input);
    });

/** A failure as Lambda tells the machine of it: of an error it keeps the name and the message alone, so all is in these. */
const asThrown = (failure: Failure): Error => {
  const message = causeOf(reportOf(failure));
  return message === failure.message
    ? failure
    : Object.assign(new Error(message, { cause: failure }), { name: failure.kind });
};

/** The ids that every line of the log carries, where the input has them. */
const idsOf = (input: unknown): Readonly<Record<string, unknown>> => {
  const { tenant, run_id, node, agent, turn } = (input ?? {}) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries({ tenant, run_id, step: node, agent, turn }).filter(([, value]) => value !== undefined),
  );
};
