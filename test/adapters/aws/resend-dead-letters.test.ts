import { type DynamoDBStreamsClient, GetShardIteratorCommand } from '@aws-sdk/client-dynamodb-streams';
import type { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DeleteMessageCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { readDeadLetter, type QueueMessage } from '../../../src/adapters/aws/read-dead-letter.ts';
import { type Resent, resendDeadLetters } from '../../../src/adapters/aws/resend-dead-letters.ts';

const arn = 'arn:aws:lambda:eu-central-1:123456789012:function:surveyor-settle-run';
const event = { source: 'aws.states', detail: { status: 'FAILED' } };

/** As Lambda sends it to the destination of failed calls. */
const failedCall: QueueMessage = {
  Body: JSON.stringify({
    version: '1.0',
    timestamp: '2026-01-31T12:00:00.000Z',
    requestContext: {
      requestId: 'r',
      functionArn: `${arn}:$LATEST`,
      condition: 'RetriesExhausted',
      approximateInvokeCount: 3,
    },
    requestPayload: event,
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    responsePayload: { errorType: 'STORAGE_FAILED', errorMessage: 'The table did not answer.' },
  }),
};
/** As EventBridge sends it to the queue of a target. */
const undelivered: QueueMessage = {
  Body: JSON.stringify(event),
  MessageAttributes: {
    TARGET_ARN: { StringValue: arn },
    ERROR_CODE: { StringValue: 'NO_PERMISSIONS' },
    ERROR_MESSAGE: { StringValue: 'Not allowed.' },
  },
};

/** As Lambda sends it where a batch of the table's stream has failed to the last: the place of the changes, not the changes. */
const batch = {
  shardId: 'shardId-1',
  startSequenceNumber: '100',
  endSequenceNumber: '300',
  streamArn: 'arn:aws:dynamodb:eu-central-1:123456789012:table/runs/stream/1',
};
const failedBatch: QueueMessage = {
  Body: JSON.stringify({
    requestContext: { requestId: 'r', functionArn: arn, condition: 'RecordAgeExceeded', approximateInvokeCount: 9 },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: null },
    version: '1.0',
    DDBStreamBatchInfo: { ...batch, batchSize: 2, approximateArrivalOfFirstRecord: '2026-01-31T12:00:00.000Z' },
  }),
};
const record = (SequenceNumber: string, sk = 'RUN#1', text = '') => ({
  eventName: 'MODIFY',
  dynamodb: { SequenceNumber, Keys: { pk: { S: 'TENANT#a' }, sk: { S: sk } }, NewImage: { document: { S: text } } },
});

describe('a message of a dead-letter queue', () => {
  it('is the event of a call that failed, as Lambda wraps it', () => {
    expect(readDeadLetter(failedCall)).toEqual({
      functionArn: arn,
      event,
      reason: 'STORAGE_FAILED The table did not answer.',
    });
  });

  it('is the event itself where it could not be delivered', () => {
    expect(readDeadLetter(undelivered)).toEqual({ functionArn: arn, event, reason: 'NO_PERMISSIONS Not allowed.' });
  });

  it('is the place of changes in a stream where its batch has failed', () => {
    expect(readDeadLetter(failedBatch)).toEqual({
      functionArn: arn,
      event: undefined,
      batch,
      reason: 'RecordAgeExceeded',
    });
  });

  it.each([[{ Body: 'hello' }], [{ Body: '{}' }], [{}]])('is told apart from what is neither: %j', (message) => {
    expect(readDeadLetter(message)).toBeUndefined();
  });
});

describe('sending dead letters again', () => {
  const resend = async (
    messages: readonly QueueMessage[],
    answers: readonly (object | Error)[],
    stored: readonly (readonly object[])[] = [[record('100')], [], [record('300'), record('400')]],
  ) => {
    const left = messages.map((message, index) => ({ ...message, ReceiptHandle: `${index}` }));
    const [calls, deleted, told]: [unknown[], (string | undefined)[], Resent[]] = [[], [], []];
    const sqs = {
      send: async (command: unknown) => {
        if (command instanceof DeleteMessageCommand) return void deleted.push(command.input.ReceiptHandle);
        expect(command).toBeInstanceOf(ReceiveMessageCommand);
        const next = left.shift();
        return { Messages: next === undefined ? [] : [next] };
      },
    };
    const lambda = {
      send: async (command: unknown) => {
        const { FunctionName, Payload } = (command as InvokeCommand).input;
        const answer =
          answers[calls.push([FunctionName, JSON.parse(Buffer.from(Payload as Uint8Array).toString())]) - 1];
        if (answer instanceof Error) throw answer;
        return answer;
      },
    };
    const pages = [...stored];
    const streams = {
      send: async (command: unknown) => {
        if (!(command instanceof GetShardIteratorCommand)) return { Records: pages.shift(), NextShardIterator: 'next' };
        expect(command.input).toMatchObject({ ShardId: 'shardId-1', SequenceNumber: '100' });
        return { ShardIterator: 'first' };
      },
    };
    await resendDeadLetters(
      {
        sqs: sqs as unknown as SQSClient,
        lambda: lambda as unknown as LambdaClient,
        streams: streams as unknown as DynamoDBStreamsClient,
      },
      'https://queue',
      (one) => told.push(one),
    );
    return { calls, deleted, told };
  };

  it('calls the function with the event that it had, and deletes what succeeds', async () => {
    const { calls, deleted, told } = await resend([failedCall, undelivered], [{}, {}]);
    expect(calls).toEqual([
      [arn, event],
      [arn, event],
    ]);
    expect(deleted).toEqual(['0', '1']);
    expect(told.map(({ outcome }) => outcome)).toEqual(['done', 'done']);
  });

  it('reads changes of a stream again up to the last of the batch, and keeps those that fail again', async () => {
    const answered = (failures: readonly unknown[]) => ({
      Payload: Buffer.from(JSON.stringify({ batchItemFailures: failures })),
    });
    const done = await resend([failedBatch], [answered([])]);
    expect(done.calls).toEqual([[arn, { Records: [record('100'), record('300')] }]]);
    expect(done.deleted).toEqual(['0']);
    const again = await resend([failedBatch], [answered([{ itemIdentifier: '300' }])]);
    expect(again.deleted).toEqual([]);
    expect(again.told).toMatchObject([{ outcome: 'failed' }]);
  });

  it('sends of the stream what the function is called with alone, in their order, in parts that a call takes', async () => {
    const image = 'x'.repeat(390_000);
    const sequence = (index: number) => String(100 + index);
    const runs = Array.from({ length: 25 }, (_, index) => record(sequence(index * 8), 'RUN#1', image));
    const between = (index: number) =>
      ['SESSION#a', 'STEPS#000', 'LEASE', 'CONNECTION#RUN#1'].map((sk, place) =>
        record(sequence(index * 8 + place + 1), sk, image),
      );
    const pages = [...runs.map((run, index) => [run, ...between(index)]), [record('300')]];
    const done = await resend([failedBatch], [{}, {}, {}], pages);
    const sent = done.calls as [string, { Records: { dynamodb: { SequenceNumber: string } }[] }][];
    expect(sent.map(([, { Records }]) => Records.length)).toEqual([10, 10, 6]);
    expect(sent.flatMap(([, { Records }]) => Records)).toEqual([...runs, record('300')]);
    for (const [, one] of sent) expect(Buffer.byteLength(JSON.stringify(one))).toBeLessThanOrEqual(4_000_000);
    expect(done.deleted).toEqual(['0']);
    const failed = await resend([failedBatch], [{}, { FunctionError: 'Unhandled' }, {}], pages);
    expect(failed.calls).toHaveLength(2);
    expect(failed.deleted).toEqual([]);
  });

  it('keeps what fails again, what cannot be called and what it cannot read, and goes on', async () => {
    const failed = { FunctionError: 'Unhandled', Payload: Buffer.from('{"errorType":"STORAGE_FAILED"}') };
    const { deleted, told } = await resend(
      [failedCall, { Body: 'hello' }, undelivered, failedCall],
      [failed, new Error('no network'), {}],
    );
    expect(deleted).toEqual(['3']);
    expect(told.map(({ outcome }) => outcome)).toEqual(['failed', 'unreadable', 'failed', 'done']);
    expect(told[0]?.reason).toContain('STORAGE_FAILED');
    expect(told[2]?.reason).toContain('no network');
  });
});
