import { setTimeout as sleep } from 'node:timers/promises';
import { reportOfCause } from '../../contracts/failure-cause.ts';
import { failureFrom } from '../../contracts/failure-report.ts';
import type { TaskName } from '../../contracts/tasks.ts';
import type { FunctionCalls } from '../../ports/function-calls.ts';

/** Calls within one process, of which some are under way beside whoever made them. */
export type LocalFunctionCalls = FunctionCalls & {
  /** Waits for what was sent, at most so long. */
  idle(milliseconds: number): Promise<void>;
};

/** Calls of functions in this process. Whoever is sent to tells of its failures in the log itself. */
export const localFunctionCalls = (
  invoke: (name: TaskName, input: unknown) => Promise<unknown>,
): LocalFunctionCalls => {
  const sent = new Set<Promise<unknown>>();
  return {
    async call(task, input) {
      const output = await invoke(task.function, input).catch((thrown: unknown) => {
        // A function's edge puts all of a failure into the error's name and message.
        const { name, message } = thrown instanceof Error ? thrown : new Error(String(thrown));
        throw failureFrom(reportOfCause(name, message));
      });
      return task.output.parse(output);
    },
    async send(task, input) {
      const under_way = invoke(task.function, input)
        .catch(() => undefined)
        .finally(() => sent.delete(under_way));
      sent.add(under_way);
    },
    async idle(milliseconds) {
      const over = new AbortController();
      await Promise.race([
        Promise.all(sent),
        sleep(milliseconds, undefined, { signal: over.signal }).catch(() => undefined),
      ]);
      over.abort();
    },
  };
};
