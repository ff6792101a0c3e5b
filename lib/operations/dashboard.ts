import { Duration, Stack } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, type Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { LogMetrics, MeasureName } from './log-metrics.ts';

/** One page: how runs end, how long they take and wait, what the model costs. */
export const dashboard = (scope: Construct, id: string, metrics: LogMetrics): Dashboard => {
  const hourly = (name: MeasureName, label: string, statistic?: string): Metric =>
    metrics.get(name, statistic).with({ period: Duration.hours(1), label });
  const graph = (title: string, left: readonly Metric[]): GraphWidget =>
    new GraphWidget({ title, left: [...left], width: 12, height: 6, leftYAxis: { min: 0, showUnits: false } });
  return new Dashboard(scope, id, {
    dashboardName: Stack.of(scope).stackName,
    widgets: [
      [
        graph('Runs by outcome, an hour', [
          hourly('RunsSucceeded', 'succeeded'),
          hourly('RunsFailed', 'failed'),
          hourly('RunsCancelled', 'cancelled'),
        ]),
        graph('Seconds of a run', [
          hourly('RunSeconds', 'median', 'p50'),
          hourly('RunSeconds', 'nine of ten below', 'p90'),
          hourly('SandboxWaitSeconds', 'longest wait for a sandbox', 'Maximum'),
        ]),
      ],
      [
        graph('Dollars of the model, an hour', [hourly('ModelDollars', 'dollars')]),
        graph('Tokens of the model, an hour', [hourly('ModelTokens', 'tokens')]),
      ],
    ],
  });
};
