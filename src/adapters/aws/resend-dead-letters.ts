import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { DeleteMessageCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { toFailure } from '../../contracts/failure.ts';
import { awsFailure } from './aws-failure.ts';
import { type DeadLetter, readDeadLetter } from './read-dead-letter.ts';
import { readStreamBatch } from './read-stream-batch.ts';

/** What became of one message. */
export type Resent = {
  readonly function: string;
  readonly outcome: 'done' | 'failed' | 'unreadable';
  /** Why it had failed before, or fails now. */
  readonly reason: string;
};

type Clients = {
  readonly sqs: Pick<SQSClient, 'send'>;
  readonly lambda: Pick<LambdaClient, 'send'>;
  readonly streams: Pick<DynamoDBStreamsClient, 'send'>;
};

/** As long as the longest function that is called so, and some more: meanwhile nobody else is given the message. */
const hiddenSeconds = 960;
/** More than any queue holds that somebody still reads one by one. */
const maxMessages = 1_000;

/**
 * Calls again, one by one, what lies in a dead-letter queue, and deletes what then succeeds. What fails again stays, hidden for
 * sixteen minutes, and so does what is no event of ours. Calling again is harmless: all functions concerned may be called twice.
 */
export const resendDeadLetters = async (
  clients: Clients,
  queueUrl: string,
  tell: (resent: Resent) => void,
): Promise<void> => {
  const { sqs } = clients;
  for (let count = 0; count < maxMessages; count += 1) {
    const { Messages: [message] = [] } = await sqs
      .send(
        new ReceiveMessageCommand({
          QueueUrl: queueUrl,
          MaxNumberOfMessages: 1,
          MessageAttributeNames: ['All'],
          VisibilityTimeout: hiddenSeconds,
          // A short poll asks some of the servers alone, and may find nothing where there is something.
          WaitTimeSeconds: 2,
        }),
      )
      .catch((thrown: unknown) => {
        throw awsFailure('The dead-letter queue', thrown);
      });
    if (message === undefined) return;
    const letter = readDeadLetter(message);
    if (letter === undefined) {
      tell({ function: '', outcome: 'unreadable', reason: (message.Body ?? '').slice(0, 200) });
      continue;
    }
    const name = letter.functionArn.split(':').at(-1) ?? '';
    const failure = await call(clients, letter);
    if (failure === undefined)
      await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: message.ReceiptHandle }));
    tell({
      function: name,
      outcome: failure === undefined ? 'done' : 'failed',
      reason: failure ?? letter.reason,
    });
  }
};

/** What a function answers that fails; undefined where it does not. What is behind an event that fails waits for it. */
const call = async ({ lambda, streams }: Clients, letter: DeadLetter): Promise<string | undefined> => {
  try {
    const events = letter.batch === undefined ? [letter.event] : await readStreamBatch(streams, letter.batch);
    for (const event of events) {
      const failure = await callOnce(lambda, letter.functionArn, event);
      if (failure !== undefined) return failure;
    }
    return undefined;
  } catch (thrown) {
    return toFailure(thrown).message;
  }
};

const callOnce = async (
  lambda: Clients['lambda'],
  FunctionName: string,
  event: unknown,
): Promise<string | undefined> => {
  const answer = await lambda
    .send(new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(event)) }))
    .catch((thrown: unknown) => {
      throw awsFailure('Lambda', thrown);
    });
  const text = Buffer.from(answer.Payload ?? []).toString();
  // Whoever is called by a stream names in its answer what it could not handle.
  const failed = answer.FunctionError !== undefined || /"batchItemFailures":\[\{/.test(text);
  return failed ? text.slice(0, 500) : undefined;
};
