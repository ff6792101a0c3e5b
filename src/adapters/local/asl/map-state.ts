import { Failure } from '../../../contracts/failure.ts';
import { withAbort } from './abort.ts';
import type { MapState } from './definition.ts';
import { innerFlow, record, type Flow } from './flow.ts';
import { toPayload, withinLimit, type Payload } from './payload.ts';
import { withRecovery } from './recovery.ts';
import { errorOutput, StatesError, toStatesError } from './states-error.ts';
import { toleranceOf, type Tolerance } from './tolerance.ts';
import { evaluate, evaluateCount, evaluateTyped, leave, queryFailed, type Outcome, type Visit } from './visit.ts';

/** The most iterations that Step Functions runs at once in an inline Map, whatever MaxConcurrency says. */
const MOST_AT_ONCE = 40;

const itemsOf = async (state: MapState, visit: Visit): Promise<readonly unknown[]> => {
  if (state.Items !== undefined) return evaluateTyped(visit, state.Items, 'Items', 'array');
  if (Array.isArray(visit.input.value)) return visit.input.value;
  throw queryFailed(visit, 'Items', `Map state input must be an array but was: ${visit.input.json}`);
};

/** The context object’s Map part, in `ItemSelector` and inside of an iteration. */
const mapContext = (index: number, value: unknown): Readonly<Record<string, unknown>> => ({
  Map: { Item: { Index: index, Value: value } },
});

/** The items with what each iteration is given: the item itself, or what `ItemSelector` makes of it. */
const selectItems = async (
  state: MapState,
  visit: Visit,
  items: readonly unknown[],
): Promise<readonly { readonly value: unknown; readonly input: Payload }[]> => {
  const selected = [];
  for (const [index, value] of items.entries()) {
    const input =
      state.ItemSelector === undefined
        ? value
        : await evaluate(visit, state.ItemSelector, 'ItemSelector', { context: mapContext(index, value) });
    selected.push({ value, input: withinLimit(toPayload(input), visit.name) });
  }
  return selected;
};

const thresholdExceeded = (): StatesError =>
  new StatesError('States.ExceedToleratedFailureThreshold', 'The specified tolerated failure threshold was exceeded');

/** The iterations of one attempt: as many at once as may be, each further one started by the end of an earlier one. */
const iterate = (
  state: MapState,
  visit: Visit,
  items: readonly { readonly value: unknown; readonly input: Payload }[],
  limits: { readonly atOnce: number; readonly tolerance: Tolerance },
): Promise<readonly unknown[]> =>
  withAbort(visit.flow.signal, async (running) => {
    const { flow, name } = visit;
    const { atOnce, tolerance } = limits;
    const results: unknown[] = [];
    let failures = 0;
    let failed: { readonly thrown: unknown; readonly lastEvent: number } | undefined;

    const fail = (thrown: unknown, index: number, inner: Flow): void => {
      const details = { name, index };
      if (running.signal.aborted) {
        flow.history.append('MapIterationAborted', inner.lastEvent, { mapIterationAbortedEventDetails: details });
        return;
      }
      flow.history.append('MapIterationFailed', inner.lastEvent, { mapIterationFailedEventDetails: details });
      flow.lastEvent = inner.lastEvent;
      failures += 1;
      const error = toStatesError(thrown);
      results[index] = errorOutput(error);
      const fatal = error.error === 'States.Runtime';
      if (!fatal && failures <= tolerance.most) return;
      failed = { thrown: fatal || !tolerance.stated ? thrown : thresholdExceeded(), lastEvent: inner.lastEvent };
      running.abort(new Failure('RUN_CANCELLED', `Another iteration of the state "${name}" failed`));
    };

    const iteration = async (index: number, value: unknown, input: Payload, previous: number): Promise<number> => {
      const details = { name, index };
      const context = { ...flow.context, ...mapContext(index, value) };
      const inner = innerFlow(flow, { signal: running.signal, lastEvent: previous, context });
      record(inner, 'MapIterationStarted', { mapIterationStartedEventDetails: details });
      try {
        results[index] = (await flow.interpreter.runBlock(state.ItemProcessor, input, inner)).value;
        const succeeded = { mapIterationSucceededEventDetails: details };
        flow.lastEvent = flow.history.append('MapIterationSucceeded', inner.lastEvent, succeeded);
      } catch (thrown) {
        fail(thrown, index, inner);
      }
      return inner.lastEvent;
    };

    const waiting = items.entries();
    const lane = async (begun: number): Promise<void> => {
      let previous = begun;
      for (const [index, { value, input }] of waiting) {
        previous = await iteration(index, value, input, previous);
        if (running.signal.aborted) return;
      }
    };
    const begun = flow.lastEvent;
    await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, () => lane(begun)));
    flow.signal.throwIfAborted();
    if (failed === undefined) return results;
    flow.lastEvent = failed.lastEvent;
    throw failed.thrown;
  });

const attempt = async (state: MapState, visit: Visit): Promise<Outcome> => {
  const { flow } = visit;
  const items = await itemsOf(state, visit);
  const tolerance = await toleranceOf(state, visit, items.length);
  const concurrency = (await evaluateCount(visit, state.MaxConcurrency, 'MaxConcurrency', 0)) ?? 0;
  const atOnce = concurrency === 0 ? MOST_AT_ONCE : Math.min(concurrency, MOST_AT_ONCE);
  const selected = await selectItems(state, visit, items);
  record(flow, 'MapStateStarted', { mapStateStartedEventDetails: { length: items.length } });
  const results = await iterate(state, visit, selected, { atOnce, tolerance });
  flow.history.append('MapStateSucceeded', flow.lastEvent);
  const result = toPayload(results);
  return leave(visit, state, result, { result: result.value });
};

/**
 * Runs the processor once for each item; the result is the list of their outputs, in the order of the items. A failure
 * within the tolerated count and percentage leaves `{ Error, Cause }` in its item's place.
 */
export const runMap = (state: MapState, visit: Visit): Promise<Outcome> =>
  withRecovery(state, visit, () => attempt(state, visit));
