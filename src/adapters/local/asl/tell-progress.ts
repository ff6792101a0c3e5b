import type { Ledger } from './ledger.ts';
import type { RunningExecution } from './running-execution.ts';

/** How often is looked for what is new: what a killed service loses of its steps. */
const EVERY_MILLISECONDS = 3_000;

/**
 * Tells from time to time of each execution that runs and has gone on since the last time. Returns what ends the telling,
 * and waits for what is being told.
 */
export const tellProgress = (
  ledger: Ledger,
  tell: (execution: RunningExecution) => Promise<unknown>,
  every = EVERY_MILLISECONDS,
): (() => Promise<void>) => {
  let seen = new Map<RunningExecution, number>();
  let telling: Promise<void> | undefined;
  let over = false;

  const look = async (): Promise<void> => {
    const now = new Map(ledger.running().map((execution) => [execution, ledger.eventsOf(execution)]));
    const moved = [...now].filter(([execution, events]) => seen.get(execution) !== events);
    seen = now;
    for (const [execution] of moved) {
      // What cannot be told now is told with the next events; the end is told in another way, and surely.
      if (!over && execution.outcome() === undefined) await tell(execution).catch(() => seen.delete(execution));
    }
  };
  const timer = setInterval(() => {
    telling ??= look().finally(() => (telling = undefined));
  }, every);
  timer.unref();
  return async () => {
    over = true;
    clearInterval(timer);
    await telling;
  };
};
