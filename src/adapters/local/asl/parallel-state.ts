import { Failure } from '../../../contracts/failure.ts';
import { withAbort } from './abort.ts';
import type { ParallelState } from './definition.ts';
import { innerFlow, record } from './flow.ts';
import { toPayload, withinLimit } from './payload.ts';
import { withRecovery } from './recovery.ts';
import { evaluate, leave, type Outcome, type Visit } from './visit.ts';

const attempt = async (state: ParallelState, visit: Visit): Promise<Outcome> => {
  const { flow } = visit;
  const input =
    state.Arguments === undefined ? visit.input : toPayload(await evaluate(visit, state.Arguments, 'Arguments'));
  withinLimit(input, visit.name);
  const begun = record(flow, 'ParallelStateStarted');
  const results = await withAbort(flow.signal, async (running) => {
    let failed: { readonly thrown: unknown; readonly lastEvent: number } | undefined;
    const outputs = await Promise.all(
      state.Branches.map(async (branch) => {
        const inner = innerFlow(flow, { signal: running.signal, lastEvent: begun });
        try {
          const output = await flow.interpreter.runBlock(branch, input, inner);
          if (failed === undefined) flow.lastEvent = inner.lastEvent;
          return output.value;
        } catch (thrown) {
          // The first branch that fails speaks for all; the others are stopped, and their end is waited for.
          failed ??= { thrown, lastEvent: inner.lastEvent };
          running.abort(new Failure('RUN_CANCELLED', `Another branch of the state "${visit.name}" failed`));
          return undefined;
        }
      }),
    );
    if (failed === undefined) return outputs;
    flow.lastEvent = failed.lastEvent;
    throw failed.thrown;
  });
  flow.history.append('ParallelStateSucceeded', flow.lastEvent);
  const result = toPayload(results);
  return leave(visit, state, result, { result: result.value });
};

/** Runs the branches side by side on one input; the result is the list of their outputs. */
export const runParallel = (state: ParallelState, visit: Visit): Promise<Outcome> =>
  withRecovery(state, visit, () => attempt(state, visit));
