import { failureKinds, failures, type FailureKind } from '../../contracts/failure.ts';
import type { Retrier } from './state-machine.ts';

/** What Lambda itself may throw before or instead of our code; AWS advises to retry these on every invocation. */
const lambdaFaults = [
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
];

/** What keeps a function in a VPC from starting, and passes: addresses and interfaces that others give back. */
const networkFaults = [
  'Lambda.EC2ThrottledException',
  'Lambda.EC2UnexpectedException',
  'Lambda.ENILimitReachedException',
  'Lambda.ENINotReadyException',
  'Lambda.SubnetIPAddressLimitReachedException',
];

/**
 * A function that was killed: out of memory or of time, or its answer did not come back. It may have done its work, and
 * may be doing it still; what it has recorded is not repeated, and what it records late is refused or the same.
 */
const cutOff = [
  'Lambda.Unknown',
  'Lambda.ClientExecutionTimeoutException',
  'Sandbox.Timedout',
  'Runtime.ExitError',
  'Runtime.OutOfMemory',
];

/**
 * How every task is retried. The failures whose row says so and Lambda’s own faults: four times over about half a minute
 * (2, 4, 8 and 16 s, with full jitter, so that many runs do not come back at the same instant). Faults of the network:
 * over some five minutes. A killed function: twice, since one that has used up its 900 s or its memory is likely to do so
 * again. A model that takes no more requests is no failure here: the agent's machine waits for it.
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
  {
    ErrorEquals: networkFaults,
    IntervalSeconds: 10,
    MaxAttempts: 8,
    BackoffRate: 2,
    MaxDelaySeconds: 60,
    JitterStrategy: 'FULL',
  },
  { ErrorEquals: cutOff, IntervalSeconds: 5, MaxAttempts: 2, BackoffRate: 2 },
];

/** The policy for a function that itself waits out some failures, by trying again while it says that it goes on: those are final. */
export const retryPolicyWithout = (final: readonly FailureKind[]): readonly Retrier[] =>
  retryPolicy.map((rule) => ({
    ...rule,
    ErrorEquals: rule.ErrorEquals.filter((error) => !final.some((kind) => kind === error)),
  }));
