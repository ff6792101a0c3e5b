import type { DynamoDBClientConfig, ServiceInputTypes, ServiceOutputTypes } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { FinalizeRequestMiddleware } from '@smithy/types';

/**
 * Lets a client lose the first answer to each conditional write, as a network does: the table has done it, the client hears
 * nothing, sends it again as the SDK always does, and gets the answer to the second. Answers with the commands whose
 * answers were lost, which grow.
 */
export const loseAnswers = (client: DynamoDBDocumentClient): readonly string[] => {
  const commands: string[] = [];
  // Each try is made with the input of the first.
  const seen = new WeakSet<object>();
  const lose: FinalizeRequestMiddleware<ServiceInputTypes, ServiceOutputTypes> =
    (next, { commandName = '' }) =>
    async (args) => {
      const answer = await next(args);
      if (!JSON.stringify(args.input).includes('"ConditionExpression"') || seen.has(args.input)) return answer;
      seen.add(args.input);
      commands.push(commandName);
      throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError', code: 'ECONNRESET' });
    };
  client.middlewareStack.addRelativeTo(lose, { relation: 'after', toMiddleware: 'retryMiddleware', name: 'lose' });
  return commands;
};

type RetryStrategy = Exclude<NonNullable<DynamoDBClientConfig['retryStrategy']>, { retry: unknown }>;
const token = (count: number) => ({ getRetryCount: () => count, getRetryDelay: () => 1 });

/** Sends again what was lost, as the SDK does, but as often as a whole suite needs: the SDK's own allows 50 in a row. */
export const patientRetries: RetryStrategy = {
  acquireInitialRetryToken: async () => token(0),
  refreshRetryTokenForRetry: async (before, { errorType }) => {
    if (errorType !== 'TRANSIENT') throw new Error('This error is not to be retried.');
    return token(before.getRetryCount() + 1);
  },
  recordSuccess: () => undefined,
};
