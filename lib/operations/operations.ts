import { Stack } from 'aws-cdk-lib';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { contextList, contextText, wrongContext } from '../context.ts';
import { type AlarmsProps, Alarms } from './alarms.ts';
import { dashboard } from './dashboard.ts';
import { LogMetrics } from './log-metrics.ts';

/** What is watched. */
export type OperationsProps = Pick<
  AlarmsProps,
  'deadLetters' | 'publishFunction' | 'apiName' | 'apiStage' | 'tableName' | 'indexNames'
> & {
  readonly logGroup: ILogGroup;
};

const defaultDailyDollars = 50;

/** Whether a mail arrives SNS asks by a mail; this finds a comma or an `@` that is missing. */
const mailAddress = /^[^\s@,;]+@[^\s@,;]+\.[^\s@,;.]+$/;

/**
 * What tells whether the service is well: metrics from its log, alarms, one dashboard. Context: `alarmEmails`, separated by
 * commas, get the alarms; `dailyDollars` of the model are let pass without one (50).
 */
export class Operations extends Construct {
  readonly topicArn: string;

  constructor(scope: Construct, id: string, { logGroup, ...props }: OperationsProps) {
    super(scope, id);
    const metrics = new LogMetrics(this, 'Metrics', logGroup);
    const topic = new Topic(this, 'Alarms', { displayName: `Alarms of ${Stack.of(this).stackName}`, enforceSSL: true });
    for (const address of contextList(this.node, 'alarmEmails')) {
      if (!mailAddress.test(address))
        wrongContext('alarmEmails', address, 'an e-mail address, such as you@example.com');
      topic.addSubscription(new EmailSubscription(address));
    }
    new Alarms(this, 'Alarm', { ...props, metrics, topic, maxDailyDollars: dailyDollars(this) });
    dashboard(this, 'Dashboard', metrics);
    this.topicArn = topic.topicArn;
  }
}

const dailyDollars = ({ node }: Construct): number => {
  const text = contextText(node, 'dailyDollars');
  if (text === undefined) return defaultDailyDollars;
  const dollars = Number(text);
  return dollars > 0 ? dollars : wrongContext('dailyDollars', text, 'a number of dollars, such as 50');
};
