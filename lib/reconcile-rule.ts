import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { reconcileMinutes } from '../src/contracts/reconcile-minutes.ts';

/** Looks every few minutes for runs that nothing runs. One that fails is not repeated: the next comes soon. */
export const reconcileRule = (scope: Construct, id: string, reconcileRuns: IFunction): Rule => {
  reconcileRuns.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(reconcileMinutes) });
  return new Rule(scope, id, {
    description: 'Settles runs whose end no event has told of, and deletes secrets that nothing needs',
    schedule: Schedule.rate(Duration.minutes(reconcileMinutes)),
    targets: [new LambdaFunction(reconcileRuns, { retryAttempts: 0, maxEventAge: Duration.minutes(reconcileMinutes) })],
  });
};
