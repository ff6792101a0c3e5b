import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { DeleteMessageCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { awsFailure } from './aws-failure.ts';
import { readDeadLetter } from './read-dead-letter.ts';

/** What became of one message. */
export type Resent = {
  readonly function: string;
  readonly outcome: 'done' | 'failed' | 'unreadable';
  /** Why it had failed before, or fails now. */
  readonly reason: string;
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
  clients: { readonly sqs: Pick<SQSClient, 'send'>; readonly lambda: Pick<LambdaClient, 'send'> },
  queueUrl: string,
  tell: (resent: Resent) => void,
): Promise<void> => {
  const { sqs, lambda } = clients;
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
    const failure = await call(lambda, letter.functionArn, letter.event);
    if (failure === undefined)
      await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: message.ReceiptHandle }));
    tell({
      function: name,
      outcome: failure === undefined ? 'done' : 'failed',
      reason: failure ?? letter.reason,
    });
  }
};

/** What a function answers that fails; undefined where it does not. */
const call = async (
  lambda: Pick<LambdaClient, 'send'>,
  functionArn: string,
  event: unknown,
): Promise<string | undefined> => {
  try {
    const answer = await lambda.send(
      new InvokeCommand({ FunctionName: functionArn, Payload: Buffer.from(JSON.stringify(event)) }),
    );
    return answer.FunctionError === undefined
      ? undefined
      : Buffer.from(answer.Payload ?? [])
          .toString()
          .slice(0, 500);
  } catch (thrown) {
    return awsFailure('Lambda', thrown).message;
  }
};
