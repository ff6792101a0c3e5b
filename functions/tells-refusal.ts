import type { Log } from '../src/ports/log.ts';

/** So many refusals of a kind are told one by one in a minute; the others are counted, so that nobody fills a log from outside. */
const maxToldInMinute = 10;

type Minute = { readonly start: number; readonly counts: Map<string, number> };

/** The minute of each log that is written to, for as long as the process lives. */
const minutes = new WeakMap<Log, Minute>();

/**
 * Whether one more refusal of a stranger has a line of its own in the log, which is that of the process, always the same. In
 * the next minute one line says how many had none.
 */
export const tellsRefusal = (log: Log, now: Date, kind: string): boolean => {
  const { counts } = minuteOf(log, now);
  const count = (counts.get(kind) ?? 0) + 1;
  counts.set(kind, count);
  return count <= maxToldInMinute;
};

const minuteOf = (log: Log, now: Date): Minute => {
  const start = Math.floor(now.getTime() / 60_000) * 60_000;
  const known = minutes.get(log);
  if (known?.start === start) return known;
  const begun: Minute = { start, counts: new Map() };
  minutes.set(log, begun);
  if (known !== undefined) tellCounted(log, known);
  return begun;
};

const tellCounted = (log: Log, { start, counts }: Minute): void => {
  const more = [...counts].flatMap(([kind, count]) =>
    count > maxToldInMinute ? [[kind, count - maxToldInMinute] as const] : [],
  );
  if (more.length > 0)
    log.info('more requests refused', { minute: new Date(start).toISOString(), counted: Object.fromEntries(more) });
};
