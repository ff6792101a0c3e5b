import { SQSClient } from '@aws-sdk/client-sqs';
import { clientLimits } from './client-limits.ts';
import { once } from './once.ts';

/** The client of SQS. */
export const sqsClient = once(() => new SQSClient(clientLimits));
