import type { WaitState } from './definition.ts';
import { evaluateCount, evaluateTyped, leave, queryFailed, type Outcome, type Visit } from './visit.ts';

// ISO 8601 with a date, a "T", a time and an offset; `Date` itself reads much more than Step Functions does.
const timestampPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

const untilTimestamp = async (template: string, visit: Visit): Promise<number> => {
  const text = await evaluateTyped(visit, template, 'Timestamp', 'string');
  const time = timestampPattern.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return time - visit.flow.interpreter.time.now().getTime();
  const what = `The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: ${text}`;
  throw queryFailed(visit, 'Timestamp', what);
};

/** Waits `Seconds`, or until `Timestamp`; a time that has passed is no wait. */
export const runWait = async (state: WaitState, visit: Visit): Promise<Outcome> => {
  const { interpreter, signal } = visit.flow;
  const milliseconds =
    state.Timestamp === undefined
      ? ((await evaluateCount(visit, state.Seconds, 'Seconds', 0)) ?? 0) * 1_000
      : await untilTimestamp(state.Timestamp, visit);
  if (milliseconds > 0) await interpreter.time.sleep(milliseconds, signal);
  return leave(visit, state, visit.input);
};
