import { Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, MathExpression, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { LogMetrics } from './log-metrics.ts';

/** What the alarms look at. */
export type AlarmsProps = {
  readonly metrics: LogMetrics;
  /** Queues of what could not be handled, by the name of their alarm. */
  readonly deadLetters: Readonly<Record<string, IQueue>>;
  /** The name of the function that the table's stream calls. */
  readonly publishFunction: string;
  readonly apiName: string;
  readonly apiStage: string;
  readonly tableName: string;
  readonly indexNames: readonly string[];
  /** Dollars of the model a day. */
  readonly maxDailyDollars: number;
  readonly topic: ITopic;
};

type Watch = {
  /** The anchor of its paragraph in docs/runbook.md. */
  readonly id: string;
  readonly says: string;
  readonly metric: Metric | MathExpression;
  readonly period: Duration;
  /** It rings above this. */
  readonly above: number;
};

/** The alarms, each of which has a paragraph of its name in docs/runbook.md. All of them ring at one topic. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    for (const watch of watches(props)) {
      const alarm = new Alarm(this, watch.id, {
        alarmName: `${Stack.of(this).stackName}-${watch.id}`,
        alarmDescription: `${watch.says} See docs/runbook.md#${watch.id}.`,
        metric: watch.metric.with({ period: watch.period }),
        threshold: watch.above,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluationPeriods: 1,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
      alarm.addAlarmAction(new SnsAction(props.topic));
    }
  }
}

const minutes = (count: number): Duration => Duration.minutes(count);

const watches = (props: AlarmsProps): readonly Watch[] => {
  const { metrics, deadLetters, maxDailyDollars } = props;
  const own = (metricName: string, namespace: string, dimensionsMap: Record<string, string>): Metric =>
    new Metric({ namespace, metricName, dimensionsMap, statistic: 'Sum' });
  return [
    { id: 'failed-runs', says: 'A run failed.', metric: metrics.get('RunsFailed'), period: minutes(15), above: 0 },
    {
      id: 'overdue-runs',
      says: 'A run should have ended long ago.',
      metric: metrics.get('RunsOverdue'),
      period: minutes(15),
      above: 0,
    },
    ...Object.entries(deadLetters).map(([id, queue]): Watch => ({
      id,
      says: 'An event could not be handled, and lies in the dead-letter queue.',
      metric: queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' }),
      period: minutes(5),
      above: 0,
    })),
    {
      id: 'late-messages',
      says: 'A change of a run waited for ten minutes to be published.',
      metric: own('IteratorAge', 'AWS/Lambda', { FunctionName: props.publishFunction }).with({ statistic: 'Maximum' }),
      period: minutes(5),
      above: 600_000,
    },
    {
      id: 'undelivered-messages',
      says: 'A receiver did not take a message within a day.',
      metric: metrics.get('DeliveriesFailed'),
      period: minutes(15),
      above: 0,
    },
    {
      id: 'throttled-functions',
      says: 'Lambda refuses calls: the account’s concurrency is used up.',
      // Of all functions of the account: they share the limit, whoever uses it up.
      metric: own('Throttles', 'AWS/Lambda', {}),
      period: minutes(5),
      above: 10,
    },
    {
      id: 'throttled-table',
      says: 'DynamoDB refuses reads or writes of the table.',
      metric: throttleEvents(props),
      period: minutes(5),
      above: 10,
    },
    {
      id: 'long-queue',
      says: 'A run waited for a sandbox for more than fifteen minutes.',
      metric: metrics.get('SandboxWaitSeconds', 'Maximum'),
      period: minutes(15),
      above: 900,
    },
    {
      id: 'tasks-without-run',
      says: 'A sandbox ran that no run held. It was stopped.',
      metric: metrics.get('TasksWithoutRun'),
      period: minutes(15),
      above: 0,
    },
    {
      id: 'spend',
      says: `The model cost more than $${maxDailyDollars} within a day.`,
      metric: metrics.get('ModelDollars'),
      period: Duration.days(1),
      above: maxDailyDollars,
    },
    {
      id: 'api-errors',
      says: 'The API answered with errors of its own.',
      metric: own('5XXError', 'AWS/ApiGateway', { ApiName: props.apiName, Stage: props.apiStage }),
      period: minutes(5),
      above: 0,
    },
  ];
};

/**
 * What DynamoDB refused of the table and of each index, together: it counts them apart. `ThrottledRequests` would be one
 * metric for each operation, and none for the table.
 */
const throttleEvents = ({ tableName, indexNames }: AlarmsProps): MathExpression => {
  const parts = [{}, ...indexNames.map((GlobalSecondaryIndexName) => ({ GlobalSecondaryIndexName }))];
  const usingMetrics = Object.fromEntries(
    parts.flatMap((part, index) =>
      ['ReadThrottleEvents', 'WriteThrottleEvents'].map((metricName) => [
        `${metricName.slice(0, -'ThrottleEvents'.length).toLowerCase()}s${index}`,
        new Metric({
          namespace: 'AWS/DynamoDB',
          metricName,
          dimensionsMap: { TableName: tableName, ...part },
          statistic: 'Sum',
        }),
      ]),
    ),
  );
  return new MathExpression({ expression: 'SUM(METRICS())', usingMetrics, label: 'throttled' });
};
