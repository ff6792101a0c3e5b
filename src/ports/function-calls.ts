import type { Task } from '../contracts/task.ts';
import type { TaskName } from '../contracts/tasks.ts';

/** Calls of one function by another, where the second reaches what the first does not. */
export type FunctionCalls = {
  /**
   * Calls the function of a task and waits for its answer. Fails as it fails, or with STORAGE_FAILED where it cannot be
   * called at all.
   */
  call<I, O>(task: Task<TaskName, I, O>, input: NoInfer<I>): Promise<O>;
  /** Hands the input over and waits for nothing more: it may come to nothing, or be called twice. Fails where it is not taken. */
  send<I>(task: Task<TaskName, I>, input: NoInfer<I>): Promise<void>;
};
