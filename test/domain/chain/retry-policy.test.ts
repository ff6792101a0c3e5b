import { describe, expect, it } from 'vitest';
import { failureKinds, failures } from '../../../src/contracts/failure.ts';
import { functionTimeoutSeconds, invoke } from '../../../src/domain/chain/invoke.ts';
import { retryPolicy } from '../../../src/domain/chain/retry-policy.ts';

const retrierOf = (error: string) => {
  const found = retryPolicy.filter(({ ErrorEquals }) => ErrorEquals.includes(error));
  expect(found).toHaveLength(1);
  return found[0]!;
};

/** Seconds that a retrier waits at most, all its tries together. */
const secondsOf = (error: string): number => {
  const { IntervalSeconds = 1, MaxAttempts = 3, BackoffRate = 2, MaxDelaySeconds = Infinity } = retrierOf(error);
  return Array.from({ length: MaxAttempts }, (_, index) =>
    Math.min(MaxDelaySeconds, IntervalSeconds * BackoffRate ** index),
  ).reduce((sum, seconds) => sum + seconds, 0);
};

describe('how tasks are retried', () => {
  it('retries what the failure table says, each by one rule, and no other failure', () => {
    for (const kind of failureKinds) {
      const rules = retryPolicy.filter(({ ErrorEquals }) => ErrorEquals.includes(kind));
      expect([kind, rules.length]).toEqual([kind, failures[kind].retryable ? 1 : 0]);
    }
  });

  it('leaves out what is final in a state, and only that', () => {
    const { Retry } = invoke('take-sandbox', { since: 'then' }, ['SANDBOX_UNAVAILABLE']);
    const of = (rules: typeof retryPolicy) => rules.flatMap(({ ErrorEquals }) => ErrorEquals);
    expect(of(Retry)).toEqual(of(retryPolicy).filter((error) => error !== 'SANDBOX_UNAVAILABLE'));
    expect(of(retryPolicy)).toContain('SANDBOX_UNAVAILABLE');
  });

  it('waits half a minute for a model that is away; one that takes no more requests is waited for by its machine', () => {
    expect(secondsOf('MODEL_UNAVAILABLE')).toBe(30);
  });

  it.each(['Lambda.Unknown', 'Lambda.ClientExecutionTimeoutException', 'Sandbox.Timedout'])(
    'repeats a function that was cut off (%s) twice at most: it takes up to 900 s each time',
    (error) => expect(retrierOf(error).MaxAttempts).toBe(2),
  );

  it('retries passing faults of a function’s network, and none that only a deployment mends', () => {
    for (const error of ['ENILimitReached', 'EC2Throttled', 'SubnetIPAddressLimitReached', 'EC2Unexpected'])
      expect(secondsOf(`Lambda.${error}Exception`)).toBeGreaterThan(120);
    const all = retryPolicy.flatMap(({ ErrorEquals }) => ErrorEquals);
    for (const error of ['EC2AccessDenied', 'InvalidSubnetID', 'InvalidSecurityGroupID', 'KMSAccessDenied'])
      expect(all).not.toContain(`Lambda.${error}Exception`);
  });

  it('lets a state outwait its function, so that it is Lambda that ends one that has used up its time', () => {
    expect(invoke('start-agent', { node: 'n', agent: 'a' }).TimeoutSeconds).toBeGreaterThan(functionTimeoutSeconds);
  });
});
