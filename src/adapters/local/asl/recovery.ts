import type { Catcher, MapState, ParallelState, Retrier, TaskState } from './definition.ts';
import { record } from './flow.ts';
import { toPayload } from './payload.ts';
import { errorOutput, matchesError, toStatesError, type StatesError } from './states-error.ts';
import { leave, type Outcome, type Visit } from './visit.ts';

/** Seconds before a retry; `attempt` counts from 0. Full jitter takes any time up to that, in [0, 1) of `random`. */
export const retryDelay = (retrier: Retrier, attempt: number, random: () => number): number => {
  const delay = Math.min(retrier.IntervalSeconds * retrier.BackoffRate ** attempt, retrier.MaxDelaySeconds ?? Infinity);
  return retrier.JitterStrategy === 'FULL' ? delay * random() : delay;
};

const caught = (catcher: Catcher, index: number, error: StatesError, visit: Visit): Promise<Outcome> => {
  const shown = errorOutput(error);
  return leave(visit, catcher, toPayload(shown), { errorOutput: shown }, `Catch[${index}]/`);
};

/**
 * Runs a state as its `Retry` and `Catch` say. The first retrier that takes an error decides about it, with a counter of
 * its own for this visit; once that is used up, or if no retrier takes it, the first catcher that does.
 */
export const withRecovery = async (
  state: TaskState | MapState | ParallelState,
  visit: Visit,
  attempt: () => Promise<Outcome>,
): Promise<Outcome> => {
  const { flow } = visit;
  const used = new Map<Retrier, number>();
  for (;;) {
    try {
      return await attempt();
    } catch (thrown) {
      if (flow.signal.aborted) throw thrown;
      const error = toStatesError(thrown);
      const retrier = state.Retry?.find(({ ErrorEquals }) => matchesError(ErrorEquals, error));
      const attempts = retrier === undefined ? 0 : (used.get(retrier) ?? 0);
      if (retrier !== undefined && attempts < retrier.MaxAttempts) {
        used.set(retrier, attempts + 1);
        visit.retries += 1;
        await flow.interpreter.time.sleep(retryDelay(retrier, attempts, Math.random) * 1_000, flow.signal);
        continue;
      }
      if (state.Type !== 'Task' && error.error !== 'States.Runtime') record(flow, `${state.Type}StateFailed`);
      const index = state.Catch?.findIndex(({ ErrorEquals }) => matchesError(ErrorEquals, error)) ?? -1;
      const catcher = state.Catch?.[index];
      if (catcher === undefined) throw error;
      return caught(catcher, index, error, visit);
    }
  }
};
