import type { TaskInput, TaskName, TaskOutput } from '../contracts/task.ts';

/** Calls of one function by another, where the second reaches what the first does not. */
export type FunctionCalls = {
  /**
   * Calls the function of a task and waits for its answer. Fails as it fails, or with STORAGE_FAILED where it cannot be
   * called at all.
   */
  call<T extends TaskName>(task: T, input: TaskInput<T>): Promise<TaskOutput<T>>;
  /** Hands the input over and waits for nothing more: it may come to nothing, or be called twice. Fails where it is not taken. */
  send<T extends TaskName>(task: T, input: TaskInput<T>): Promise<void>;
};
