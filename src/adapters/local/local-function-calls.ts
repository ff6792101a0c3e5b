import { reportOfCause } from '../../contracts/failure-cause.ts';
import { failureFrom } from '../../contracts/failure-report.ts';
import { type TaskName, type TaskOutput, tasks } from '../../contracts/task.ts';
import type { FunctionCalls } from '../../ports/function-calls.ts';

/** Calls of functions in this process. */
export const localFunctionCalls = (invoke: (task: TaskName, input: unknown) => Promise<unknown>): FunctionCalls => ({
  async call(task, input) {
    const output = await invoke(task, input).catch((thrown: unknown) => {
      // A function's edge puts all of a failure into the error's name and message.
      const { name, message } = thrown instanceof Error ? thrown : new Error(String(thrown));
      throw failureFrom(reportOfCause(name, message));
    });
    // The task picks the schema, which TypeScript cannot follow through a union.
    return tasks[task].output.parse(output) as TaskOutput<typeof task>;
  },
});
