import { failureKinds, failures } from '../../contracts/failure.ts';
import type { Retrier } from './state-machine.ts';

/** What Lambda itself may throw before or instead of our code; AWS advises to retry these on every invocation. */
const lambdaFaults = [
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
];

/**
 * How every task is retried: the failures whose row says so, four times over about half a minute (2, 4, 8 and 16 s, with
 * full jitter, so that many runs do not come back at the same instant), and Lambda's own faults likewise.
 */
export const retryPolicy: readonly Retrier[] = [
  {
    ErrorEquals: [...failureKinds.filter((kind) => failures[kind].retryable), ...lambdaFaults],
    IntervalSeconds: 2,
    MaxAttempts: 4,
    BackoffRate: 2,
    MaxDelaySeconds: 60,
    JitterStrategy: 'FULL',
  },
];
