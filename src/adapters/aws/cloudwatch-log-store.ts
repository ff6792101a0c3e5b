import {
  type CloudWatchLogsClient,
  type FilteredLogEvent,
  FilterLogEventsCommand,
  type FilterLogEventsCommandOutput,
} from '@aws-sdk/client-cloudwatch-logs';
import { Failure } from '../../contracts/failure.ts';
import { LogEntry } from '../../contracts/log-entry.ts';
import type { LogStore } from '../../ports/log-store.ts';
import { listCursor, readListCursor } from '../../domain/list-cursor.ts';
import { storedJson } from '../../contracts/stored-document.ts';
import { awsFailure } from './aws-failure.ts';
import { filterPattern, fitsQuery, startTime } from './cloudwatch-log-query.ts';

/** The most pages of CloudWatch (1 MB or 10,000 lines searched each) that are read for one page of ours. */
const mostReads = 20;

/** Where a line stands. CloudWatch orders by time alone; within a millisecond the id decides. */
type Place = { readonly time: number; readonly id: string };
type PlacedLine = Place & { readonly entry: LogEntry | undefined };

/**
 * What the functions print into one log group, read with FilterLogEvents. A page may be short, even empty, and have a
 * cursor all the same: then much was searched and little found. A line shows up some seconds after it was printed.
 */
export const cloudwatchLogStore = (place: {
  readonly client: CloudWatchLogsClient;
  readonly logGroup: string;
}): LogStore => ({
  append() {
    // What a function prints is in its log already.
  },

  async query(tenant, query) {
    const { limit, cursor } = query;
    const after = cursor === undefined ? undefined : placeOf(readListCursor('logs', tenant, cursor));
    const lines: PlacedLine[] = [];
    let nextToken: string | undefined;
    for (let reads = 0; reads < mostReads; reads += 1) {
      const page = await read(place, {
        startTime: Math.max(startTime(query), after?.time ?? 0),
        filterPattern: filterPattern(tenant, query),
        ...(nextToken === undefined ? {} : { nextToken }),
      });
      nextToken = page.nextToken;
      lines.push(...(page.events ?? []).map(placedLine));
      // The lines of the last millisecond may go on behind what was read, and their order is known when all are there.
      const horizon = nextToken === undefined ? Infinity : (lines.at(-1)?.time ?? 0);
      const found = lines
        .filter((line) => line.time < horizon && (after === undefined || inOrder(after, line) < 0))
        .filter(({ entry }) => entry !== undefined && fitsQuery(entry, tenant, query))
        .toSorted(inOrder);
      if (found.length > limit) return pageOf(tenant, found.slice(0, limit), found[limit - 1]);
      if (nextToken === undefined) return pageOf(tenant, found);
      if (reads === mostReads - 1 && horizon > (after?.time ?? 0))
        return pageOf(tenant, found, { time: horizon, id: beforeAll });
    }
    throw new Failure(
      'STORAGE_FAILED',
      `${nameOf(place.logGroup)} was searched for long without finding a line. Ask for lines of a later time with "since".`,
      { where: place.logGroup },
    );
  },
});

/** Sorts before every id that CloudWatch gives. */
const beforeAll = '0';

/** Ids are numbers of one length, too long for a number. */
const inOrder = (a: Place, b: Place): number =>
  a.time - b.time || a.id.length - b.id.length || (a.id === b.id ? 0 : a.id < b.id ? -1 : 1);

const pageOf = (tenant: string, lines: readonly PlacedLine[], last?: Place) => ({
  items: lines.flatMap(({ entry }) => entry ?? []),
  ...(last === undefined ? {} : { next_cursor: listCursor('logs', tenant, `${last.time}-${last.id}`) }),
});

const placeOf = (position: string): Place => {
  const [time, id = beforeAll] = position.split('-');
  return { time: Number(time), id };
};

const nameOf = (logGroup: string): string => `The log group ${logGroup}`;

const read = async (
  { client, logGroup }: Parameters<typeof cloudwatchLogStore>[0],
  input: { readonly startTime: number; readonly filterPattern: string; readonly nextToken?: string },
): Promise<FilterLogEventsCommandOutput> => {
  try {
    return await client.send(new FilterLogEventsCommand({ logGroupName: logGroup, ...input }));
  } catch (thrown) {
    throw awsFailure(nameOf(logGroup), thrown);
  }
};

/** A printed line as an entry of the log; what is none (a line of the runtime's own) belongs to nobody. */
const placedLine = ({ timestamp = 0, eventId = beforeAll, message }: FilteredLogEvent): PlacedLine => {
  const {
    timestamp: at,
    level,
    message: text,
    tenant,
    run_id,
    service: _,
    xray_trace_id: __,
    ...fields
  } = {
    ...(storedJson(message) as Readonly<Record<string, unknown>> | undefined),
  };
  const entry = LogEntry.safeParse({ tenant, run_id, at, level, message: text, fields });
  return { time: timestamp, id: eventId, entry: entry.success ? entry.data : undefined };
};
