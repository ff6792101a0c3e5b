import * as z from 'zod';
import { StreamBatch } from './read-stream-batch.ts';

/** What lies in a dead-letter queue: the event of a function, or where a stream has it, and which function it was for. */
export type DeadLetter = {
  readonly functionArn: string;
  readonly event: unknown;
  readonly batch?: StreamBatch;
  readonly reason: string;
};

/** A message of SQS as far as it matters. */
export type QueueMessage = {
  readonly Body?: string | undefined;
  readonly MessageAttributes?: Readonly<Record<string, { readonly StringValue?: string | undefined }>> | undefined;
};

/** What Lambda sends where a call has failed to the last. The version of the function may stand behind its ARN. */
const FailedCall = z.object({
  requestContext: z.object({ functionArn: z.string(), condition: z.string() }),
  requestPayload: z.unknown().optional(),
  DDBStreamBatchInfo: StreamBatch.optional(),
  responsePayload: z.object({ errorType: z.string().optional(), errorMessage: z.string().optional() }).optional(),
});

const functionOf = (arn: string): string => arn.split(':').slice(0, 7).join(':');

/**
 * Reads a message of a dead-letter queue. Lambda wraps the event of a call that failed; EventBridge and its Scheduler send
 * the event itself, and say in attributes whom it was for and why it did not arrive. Undefined where it is neither.
 */
export const readDeadLetter = ({ Body = '', MessageAttributes = {} }: QueueMessage): DeadLetter | undefined => {
  let body: unknown;
  try {
    body = JSON.parse(Body);
  } catch {
    return undefined;
  }
  const call = FailedCall.safeParse(body);
  if (call.success) {
    const { requestContext, requestPayload, responsePayload, DDBStreamBatchInfo: batch } = call.data;
    const { errorType = requestContext.condition, errorMessage = '' } = responsePayload ?? {};
    return {
      functionArn: functionOf(requestContext.functionArn),
      event: requestPayload,
      ...(batch === undefined ? {} : { batch }),
      reason: `${errorType} ${errorMessage}`.trim(),
    };
  }
  const target = MessageAttributes['TARGET_ARN']?.StringValue;
  if (target === undefined) return undefined;
  const reason = ['ERROR_CODE', 'ERROR_MESSAGE'].map((name) => MessageAttributes[name]?.StringValue ?? '').join(' ');
  return { functionArn: functionOf(target), event: body, reason: reason.trim() };
};
