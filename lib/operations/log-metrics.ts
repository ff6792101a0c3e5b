import { Stack } from 'aws-cdk-lib';
import { type Metric, Unit } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { measuredLines } from '../../src/contracts/measured-lines.ts';
import { RunStatus } from '../../src/contracts/run.ts';

/** What a metric counts: a line, where it says so a field of it. */
type Measure = {
  readonly line: keyof typeof measuredLines;
  readonly field?: string;
  /** Lines with one of these values alone. */
  readonly where?: { readonly field: string; readonly values: readonly string[] };
  /** Lines alone in which the field is above zero: a metric is billed for each hour in which it has a value. */
  readonly positive?: boolean;
  readonly unit: Unit;
};

/** How runs end, but for success and for what somebody asked for. */
const failedStatuses = RunStatus.exclude(['running', 'succeeded', 'cancelled']).options;

const byStatus = (values: readonly string[]) => ({ field: 'status', values });

/** Everything that is counted from the functions’ log. */
export const measures = {
  RunsSucceeded: { line: 'runEnded', where: byStatus(['succeeded']), unit: Unit.COUNT },
  RunsFailed: { line: 'runEnded', where: byStatus(failedStatuses), unit: Unit.COUNT },
  RunsCancelled: { line: 'runEnded', where: byStatus(['cancelled']), unit: Unit.COUNT },
  RunSeconds: { line: 'runEnded', field: 'seconds', unit: Unit.SECONDS },
  RunsOverdue: { line: 'runOverdue', unit: Unit.COUNT },
  ModelDollars: { line: 'modelCalled', field: 'dollars', positive: true, unit: Unit.NONE },
  ModelTokens: { line: 'modelCalled', field: 'tokens', positive: true, unit: Unit.COUNT },
  SandboxWaitSeconds: { line: 'sandboxTaken', field: 'waited_seconds', unit: Unit.SECONDS },
  DeliveriesFailed: { line: 'deliveryFailed', unit: Unit.COUNT },
  TasksWithoutRun: { line: 'taskWithoutRun', unit: Unit.COUNT },
} as const satisfies Readonly<Record<string, Measure>>;

export type MeasureName = keyof typeof measures;

/** The pattern by which CloudWatch finds the lines of a measure. */
export const patternOf = ({ line, where, field, positive = false }: Measure): string => {
  const conditions = [
    `$.message = "${measuredLines[line]}"`,
    ...(positive ? [`$.${field} > 0`] : []),
    ...(where === undefined ? [] : [`(${where.values.map((value) => `$.${where.field} = "${value}"`).join(' || ')})`]),
  ];
  return `{ ${conditions.join(' && ')} }`;
};

/** Metrics from the functions’ log, in the namespace of the stack’s name. */
export class LogMetrics extends Construct {
  private readonly filters: ReadonlyMap<string, MetricFilter>;

  constructor(scope: Construct, id: string, logGroup: ILogGroup) {
    super(scope, id);
    const metricNamespace = Stack.of(this).stackName;
    this.filters = new Map(
      Object.entries<Measure>(measures).map(([metricName, measure]) => [
        metricName,
        new MetricFilter(this, metricName, {
          logGroup,
          metricNamespace,
          metricName,
          filterPattern: FilterPattern.literal(patternOf(measure)),
          metricValue: measure.field === undefined ? '1' : `$.${measure.field}`,
          unit: measure.unit,
        }),
      ]),
    );
  }

  /** A metric by its name, summed unless said otherwise. */
  get(name: MeasureName, statistic = 'Sum'): Metric {
    const filter = this.filters.get(name);
    if (filter === undefined) throw new Error(`No metric is called "${name}". Add it to the measures.`);
    return filter.metric({ statistic });
  }
}
