import { decodeTime } from 'ulid';
import { RunId } from '../../contracts/common.ts';
import { type LogEntry, LogLevel } from '../../contracts/log-entry.ts';
import type { LogQuery } from '../../ports/log-store.ts';

/** The levels that a query for this one means. */
const levelsFrom = (level: LogLevel): readonly LogLevel[] => LogLevel.options.slice(LogLevel.options.indexOf(level));

/**
 * A query as a pattern of CloudWatch Logs. It is there to fetch less: patterns are case-sensitive and know `*`, so every line is
 * held against the query once more.
 */
export const filterPattern = (tenant: string, { run_id, level }: LogQuery): string => {
  const conditions = [
    `$.tenant = ${JSON.stringify(tenant)}`,
    ...(run_id === undefined ? [] : [`$.run_id = ${JSON.stringify(run_id)}`]),
    ...(level === undefined
      ? []
      : [
          `(${levelsFrom(level)
            .map((one) => `$.level = "${one}"`)
            .join(' || ')})`,
        ]),
  ];
  return `{ ${conditions.join(' && ')} }`;
};

/** How far clocks of different machines may be apart, in milliseconds. */
const clocksApart = 60_000;

/** Where to begin to search: a run's id tells when it was made, and months of other runs lie before it. */
export const startTime = ({ since, run_id }: LogQuery): number =>
  Math.max(
    since === undefined ? 0 : Date.parse(since),
    RunId.safeParse(run_id).success ? decodeTime(run_id ?? '') - clocksApart : 0,
  );

/** Whether a line is what a query asks for; the text may stand in the message or in a field, in capitals or not. */
export const fitsQuery = (entry: LogEntry, tenant: string, { run_id, level, since, q }: LogQuery): boolean =>
  entry.tenant === tenant &&
  (run_id === undefined || entry.run_id === run_id) &&
  (level === undefined || levelsFrom(level).includes(entry.level)) &&
  (since === undefined || entry.at >= since) &&
  (q === undefined || (entry.message + JSON.stringify(entry.fields)).toLowerCase().includes(q.toLowerCase()));
