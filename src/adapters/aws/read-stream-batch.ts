import {
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type _Record,
} from '@aws-sdk/client-dynamodb-streams';
import * as z from 'zod';
import { awsFailure } from './aws-failure.ts';

/** Which changes a function of the stream failed to handle: the queue is told of their place, not of what they are. */
export const StreamBatch = z.object({
  streamArn: z.string(),
  shardId: z.string(),
  startSequenceNumber: z.string(),
  endSequenceNumber: z.string(),
});
export type StreamBatch = z.infer<typeof StreamBatch>;

/** Reads the changes of a batch once more, as the event that the function was called with. The stream keeps them for a day. */
export const readStreamBatch = async (
  client: Pick<DynamoDBStreamsClient, 'send'>,
  { streamArn, shardId, startSequenceNumber, endSequenceNumber }: StreamBatch,
): Promise<{ readonly Records: readonly _Record[] }> => {
  const last = BigInt(endSequenceNumber);
  const Records: _Record[] = [];
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
      Records.push(...own);
      // A page may be empty in the middle of a shard; the last change of the batch ends it.
      const reached = own.some(({ dynamodb }) => dynamodb?.SequenceNumber === endSequenceNumber);
      ShardIterator = reached || own.length < found.length ? undefined : page.NextShardIterator;
    }
  } catch (thrown) {
    throw awsFailure('The stream of the table, which keeps changes for a day,', thrown);
  }
  return { Records };
};
