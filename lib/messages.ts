import { Duration } from 'aws-cdk-lib';
import type { ITable, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { Functions } from './functions.ts';
import { resourceNames } from './resource-names.ts';

/** The stream keeps changes for a day: whoever mends what a change failed of has the rest of it to send that again. */
const maxRecordHours = 2;

/**
 * What others are told of runs by: a bus of their own; the table's stream, which has publish-messages called with what was stored;
 * a queue that says which changes could not be published; the clock, which has deliver-messages try what is due.
 */
export class Messages extends Construct {
  readonly bus: string;
  readonly busArn: string;
  /** Which part of the stream could not be published. */
  readonly unpublished: Queue;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const bus = new EventBus(this, 'Bus', {
      eventBusName: resourceNames(this).physical('messages'),
      description: 'Surveyor: runs that started and ended',
    });
    this.bus = bus.eventBusName;
    this.busArn = bus.eventBusArn;
    this.unpublished = new Queue(this, 'Unpublished', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    acknowledge(this.unpublished, { 'AwsSolutions-SQS3': 'This is the dead-letter queue itself.' });
  }

  /** Has the functions called. */
  call(functions: Functions, table: TableV2): void {
    const publish = functions.get('publish-messages');
    publish.addEventSource(
      // Of a table that has a stream this is what the constructs' types do not say.
      new DynamoEventSource(table as ITable, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        filters: [FilterCriteria.filter({ dynamodb: { Keys: { sk: { S: FilterRule.beginsWith('RUN#') } } } })],
        batchSize: 25,
        // The first change that fails is named; what is before it is done, and what is behind it is no longer held up than that one.
        reportBatchItemFailures: true,
        bisectBatchOnError: true,
        maxRecordAge: Duration.hours(maxRecordHours),
        onFailure: new SqsDlq(this.unpublished),
      }),
    );
    const deliver = functions.get('deliver-messages');
    deliver.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
    new Rule(this, 'EveryMinute', {
      description: 'Tries again to deliver messages',
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new LambdaFunction(deliver, { retryAttempts: 0, maxEventAge: Duration.minutes(1) })],
    });
  }
}
