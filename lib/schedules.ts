import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { FunctionName } from '../src/contracts/function-needs.ts';
import { acknowledge } from './acknowledge.ts';
import type { Functions } from './functions.ts';
import { resourceNames } from './resource-names.ts';

const called = ['start-scheduled', 'align-schedule'] as const satisfies readonly FunctionName[];

/** Lambda calls again what failed, after one and two minutes. */
const attempts = 2;

/**
 * What schedules are kept in: a group, which takes them with it when the stack goes; the role under which EventBridge Scheduler
 * calls the two functions, and nothing else; a queue for calls that could not be delivered, and for those that failed to the last.
 */
export class Schedules extends Construct {
  readonly group: string;
  readonly role: Role;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const names = resourceNames(this);
    this.group = names.physical('schedules');
    new CfnScheduleGroup(this, 'Group', { name: this.group });
    this.deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    acknowledge(this.deadLetters, { 'AwsSolutions-SQS3': 'This is the dead-letter queue itself.' });
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    });
    this.role.addToPolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: called.map(names.functionArn) }),
    );
    this.role.addToPolicy(
      new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.deadLetters.queueArn] }),
    );
  }

  /** The names that the functions need to make schedules. */
  get environment(): Readonly<Record<string, string>> {
    return {
      SCHEDULE_GROUP: this.group,
      SCHEDULE_ROLE_ARN: this.role.roleArn,
      SCHEDULE_DEAD_LETTER_ARN: this.deadLetters.queueArn,
    };
  }

  /** EventBridge Scheduler hands over and forgets; that a function then fails is Lambda's to retry and to report. */
  watch(functions: Functions): void {
    for (const name of called)
      functions.get(name).configureAsyncInvoke({
        retryAttempts: attempts,
        maxEventAge: Duration.hours(1),
        onFailure: new SqsDestination(this.deadLetters),
      });
  }
}
