import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { type IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { ExecutionStatus } from '../src/contracts/execution.ts';

const attempts = 2;

/**
 * The one way in which a run ends: whatever happened to its execution, the status-change event calls settle-run. An
 * event that cannot be delivered and a call that fails to the last both end in a queue, from where they can be sent
 * again: settling is harmless the second time.
 */
export class SettleRule extends Construct {
  /** Events and calls that could not be handled. */
  readonly unsettled: IQueue;

  constructor(scope: Construct, id: string, chains: readonly IStateMachine[], settleRun: IFunction) {
    super(scope, id);
    const unsettled = new Queue(this, 'Unsettled', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    this.unsettled = unsettled;
    acknowledge(unsettled, { 'AwsSolutions-SQS3': 'This is the dead-letter queue itself.' });

    // EventBridge hands over and forgets; that the function then fails is Lambda's to retry and to report.
    settleRun.configureAsyncInvoke({
      retryAttempts: attempts,
      maxEventAge: Duration.hours(6),
      onFailure: new SqsDestination(unsettled),
    });
    new Rule(this, 'Rule', {
      description: 'Settles a run when its execution ends, however it ends',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: {
          stateMachineArn: chains.map(({ stateMachineArn }) => stateMachineArn),
          status: ExecutionStatus.exclude(['RUNNING']).options,
        },
      },
      targets: [
        new LambdaFunction(settleRun, {
          deadLetterQueue: unsettled,
          retryAttempts: 185,
          maxEventAge: Duration.hours(24),
        }),
      ],
    });
  }
}
