import {
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type _Record,
} from '@aws-sdk/client-dynamodb-streams';
import * as z from 'zod';
import { awsFailure } from './aws-failure.ts';
import { runsBeginning } from './stores/dynamo-table.ts';

/** Which changes a function of the stream failed to handle: the queue is told of their place, not of what they are. */
export const StreamBatch = z.object({
  streamArn: z.string(),
  shardId: z.string(),
  startSequenceNumber: z.string(),
  endSequenceNumber: z.string(),
});
export type StreamBatch = z.infer<typeof StreamBatch>;

/** An event of the stream, as a function is called with it. */
export type StreamEvent = { readonly Records: readonly _Record[] };

/** A function takes 6 MB. One change has two images of at most 400 KB, which JSON makes longer. */
const maxEventBytes = 4_000_000;

/**
 * Reads the changes of a batch once more, as events of at most 4 MB in their order. The stream has what was stored beside runs in between,
 * without end: only what the function is called with (lib/messages.ts) is kept. The stream keeps changes for a day.
 */
export const readStreamBatch = async (
  client: Pick<DynamoDBStreamsClient, 'send'>,
  { streamArn, shardId, startSequenceNumber, endSequenceNumber }: StreamBatch,
): Promise<readonly StreamEvent[]> => {
  const last = BigInt(endSequenceNumber);
  const records: _Record[] = [];
  try {
    let { ShardIterator } = await client.send(
      new GetShardIteratorCommand({
        StreamArn: streamArn,
        ShardId: shardId,
        ShardIteratorType: 'AT_SEQUENCE_NUMBER',
        SequenceNumber: startSequenceNumber,
      }),
    );
    while (ShardIterator !== undefined) {
      const page = await client.send(new GetRecordsCommand({ ShardIterator }));
      const found = page.Records ?? [];
      const own = found.filter(({ dynamodb }) => BigInt(dynamodb?.SequenceNumber ?? 0) <= last);
      records.push(...own.filter(isOfRun));
      // A page may be empty in the middle of a shard; the last change of the batch ends it.
      const reached = own.some(({ dynamodb }) => dynamodb?.SequenceNumber === endSequenceNumber);
      ShardIterator = reached || own.length < found.length ? undefined : page.NextShardIterator;
    }
  } catch (thrown) {
    throw awsFailure('The stream of the table, which keeps changes for a day,', thrown);
  }
  return eventsOf(records);
};

const isOfRun = ({ dynamodb }: _Record): boolean => dynamodb?.Keys?.['sk']?.S?.startsWith(runsBeginning) ?? false;

const eventsOf = (records: readonly _Record[]): readonly StreamEvent[] => {
  const events: _Record[][] = [];
  let room = 0;
  for (const record of records) {
    const bytes = Buffer.byteLength(JSON.stringify(record)) + 1;
    if (bytes > room) {
      events.push([]);
      room = maxEventBytes - Buffer.byteLength('{"Records":[]}');
    }
    events.at(-1)?.push(record);
    room -= bytes;
  }
  return events.map((Records) => ({ Records }));
};
