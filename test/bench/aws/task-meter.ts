import { setTimeout as sleep } from 'node:timers/promises';
import type { StartTask } from '../../aws/ecs/start-task.ts';

/** Counts the seconds that tasks are billed for: from the pulling of their image to their end. */
export type TaskMeter = {
  readonly around: (startTask: StartTask) => StartTask;
  /** Seconds of each task that has stopped. */
  readonly seconds: readonly number[];
};

/** Tasks take so many seconds more to start than processes of this machine do. */
export const createTaskMeter = (startSeconds: number): TaskMeter => {
  const seconds: number[] = [];
  return {
    seconds,
    around: (startTask) => async (input) => {
      const began = performance.now();
      await sleep(startSeconds * 1_000);
      const started = await startTask(input);
      if ('stopped' in started) return started;
      let stopped: Promise<void> | undefined;
      const stop = async (): Promise<void> => {
        await started.stop();
        seconds.push((performance.now() - began) / 1_000);
      };
      return { ...started, stop: () => (stopped ??= stop()) };
    },
  };
};
