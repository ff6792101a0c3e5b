import { beforeAll, describe, expect, it } from 'vitest';
import { fieldOf, fitsFilterPattern } from '../support/fits-filter-pattern.ts';
import { forcedFailures, printedIn } from './forced-log-lines.ts';
import { flat, type Resource, stackTemplate, type Template } from './template.ts';

type Metric = {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: unknown }[];
};

/** The metrics that an alarm looks at: its own, or those of its expression. */
const metricsOf = ({ Properties }: Resource): readonly Metric[] =>
  'MetricName' in Properties
    ? [Properties as unknown as Metric]
    : (Properties['Metrics'] as readonly { readonly MetricStat?: { readonly Metric: Metric } }[]).flatMap(
        ({ MetricStat }) => MetricStat?.Metric ?? [],
      );

const dimensionsOf = ({ Dimensions = [] }: Metric): Readonly<Record<string, string>> =>
  Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, flat(Value)]));

describe('each alarm', () => {
  let template: Template;
  let alarms: ReadonlyMap<string, Resource>;

  beforeAll(() => {
    template = stackTemplate({});
    alarms = new Map(
      template
        .ofType('AWS::CloudWatch::Alarm')
        .map((alarm) => [flat(alarm.Properties['AlarmName']).replace(/^surveyor-/, ''), alarm]),
    );
  });

  const one = (type: string): Resource => {
    const [found, ...more] = template.ofType(type);
    if (found === undefined || more.length > 0) throw new Error(`${more.length + 1} of ${type}`);
    return found;
  };
  const alarm = (name: string): Resource => {
    const found = alarms.get(name);
    if (found === undefined) throw new Error(`No alarm is called ${name}.`);
    return found;
  };
  const aws = (name: string): readonly Metric[] =>
    metricsOf(alarm(name)).filter(({ Namespace }) => Namespace.startsWith('AWS/'));

  it('that listens to the log has a forced failure here; the others listen to services of AWS that are looked at below', () => {
    const [ours, theirs] = [[...alarms.keys()].filter((name) => aws(name).length === 0), [...alarms.keys()]];
    expect(ours.toSorted()).toEqual(Object.keys(forcedFailures).toSorted());
    expect(
      new Set(
        theirs
          .filter((name) => !ours.includes(name))
          .flatMap(aws)
          .map(({ Namespace }) => Namespace),
      ),
    ).toEqual(new Set(['AWS/ApiGateway', 'AWS/DynamoDB', 'AWS/Lambda', 'AWS/SQS']));
  });

  it.each(Object.entries(forcedFailures))(
    '%s rings by what a function prints in a forced failure',
    async (name, force) => {
      const { Properties } = alarm(name);
      const [metric] = metricsOf(alarm(name));
      const filters = template.ofType('AWS::Logs::MetricFilter').map((filter) => {
        const [transformation] = filter.Properties['MetricTransformations'] as readonly {
          readonly MetricName: string;
          readonly MetricNamespace: unknown;
          readonly MetricValue: string;
        }[];
        return { pattern: String(filter.Properties['FilterPattern']), ...transformation };
      });
      const [filter, ...more] = filters.filter(({ MetricName }) => MetricName === metric?.MetricName);
      expect(more).toEqual([]);
      expect(flat(filter?.MetricNamespace)).toBe(metric?.Namespace);
      expect(metric?.Dimensions ?? []).toEqual([]);

      const lines = await printedIn(force);
      const { MetricValue = '' } = filter ?? {};
      const found = lines.filter((line) => fitsFilterPattern(filter?.pattern ?? '', line));
      const values = found.map((line) =>
        Number(MetricValue.startsWith('$.') ? fieldOf(JSON.parse(line), MetricValue) : MetricValue),
      );
      const value = Properties['Statistic'] === 'Maximum' ? Math.max(...values) : values.reduce((a, b) => a + b, 0);
      expect(value).toBeGreaterThan(Number(Properties['Threshold']));
      expect(Properties['ComparisonOperator']).toBe('GreaterThanThreshold');
      // Each of the others is told of by lines of its own.
      const others = filters.filter(({ pattern }) => lines.some((line) => fitsFilterPattern(pattern, line)));
      const alsoRing = [...alarms].filter(([, other]) =>
        metricsOf(other).some(({ MetricName }) => others.some((one) => one.MetricName === MetricName)),
      );
      expect(alsoRing.map(([other]) => other)).toEqual([name]);
    },
  );

  it.each([
    ['unsettled-events', 'settle-run'],
    ['unstarted-schedules', 'start-scheduled'],
  ])('%s counts what lies in the queue that failed calls of %s go to', (name, task) => {
    const [metric, ...more] = aws(name);
    expect(more).toEqual([]);
    expect(metric).toMatchObject({ Namespace: 'AWS/SQS', MetricName: 'ApproximateNumberOfMessagesVisible' });
    const [called] = template
      .ofType('AWS::Lambda::Function')
      .filter(({ Properties }) => Properties['FunctionName'] === `surveyor-${task}`);
    const [invoke] = template
      .ofType('AWS::Lambda::EventInvokeConfig')
      .filter(({ Properties }) => flat(Properties['FunctionName']) === `<${called?.id}>`);
    const to = invoke?.Properties['DestinationConfig'] as { OnFailure: { Destination: unknown } } | undefined;
    const queue = /^<(\w+)\.Arn>$/.exec(flat(to?.OnFailure.Destination))?.[1] ?? '';
    expect(template.ofType('AWS::SQS::Queue').map(({ id }) => id)).toContain(queue);
    expect(dimensionsOf(metric as Metric)).toEqual({ QueueName: `<${queue}.QueueName>` });
  });

  it('late-messages and unpublished-messages count what the function that reads the stream leaves', () => {
    const mapping = one('AWS::Lambda::EventSourceMapping');
    const publish = template
      .ofType('AWS::Lambda::Function')
      .find(({ Properties }) => Properties['FunctionName'] === 'surveyor-publish-messages');
    expect(flat(mapping.Properties['FunctionName'])).toBe(`<${publish?.id}>`);
    const [age, ...more] = aws('late-messages');
    expect(more).toEqual([]);
    expect(age).toMatchObject({ Namespace: 'AWS/Lambda', MetricName: 'IteratorAge' });
    expect(dimensionsOf(age as Metric)).toEqual({ FunctionName: `<${publish?.id}>` });
    const to = mapping.Properties['DestinationConfig'] as { OnFailure: { Destination: unknown } };
    const queue = /^<(\w+)\.Arn>$/.exec(flat(to.OnFailure.Destination))?.[1];
    const [left] = aws('unpublished-messages');
    expect(left).toMatchObject({ Namespace: 'AWS/SQS', MetricName: 'ApproximateNumberOfMessagesVisible' });
    expect(dimensionsOf(left as Metric)).toEqual({ QueueName: `<${queue}.QueueName>` });
  });

  it('api-errors counts what the deployed stage answers with 5xx', () => {
    const [metric, ...more] = aws('api-errors');
    expect(more).toEqual([]);
    expect(metric).toMatchObject({ Namespace: 'AWS/ApiGateway', MetricName: '5XXError' });
    expect(dimensionsOf(metric as Metric)).toEqual({
      ApiName: one('AWS::ApiGateway::RestApi').Properties['Name'],
      // A reference to a stage gives its name.
      Stage: `<${one('AWS::ApiGateway::Stage').id}>`,
    });
  });

  it('throttled-table counts refused reads and writes of the table and of each index, which DynamoDB counts apart', () => {
    const table = one('AWS::DynamoDB::GlobalTable');
    const indexes = table.Properties['GlobalSecondaryIndexes'] as readonly { readonly IndexName: string }[];
    const places = [undefined, ...indexes.map(({ IndexName }) => IndexName)];
    expect(places.length).toBeGreaterThan(1);
    const expected = places.flatMap((index) =>
      ['ReadThrottleEvents', 'WriteThrottleEvents'].map((MetricName) => ({
        MetricName,
        dimensions: {
          TableName: `<${table.id}>`,
          ...(index === undefined ? {} : { GlobalSecondaryIndexName: index }),
        },
      })),
    );
    const found = aws('throttled-table').map((metric) => ({
      MetricName: metric.MetricName,
      dimensions: dimensionsOf(metric),
    }));
    expect(found).toHaveLength(expected.length);
    expect(found).toEqual(expect.arrayContaining(expected));
    const expressions = (alarm('throttled-table').Properties['Metrics'] as readonly { Expression?: string }[]).flatMap(
      ({ Expression = [] }) => Expression,
    );
    expect(expressions).toEqual(['SUM(METRICS())']);
  });

  it('throttled-functions counts refused calls of all functions of the account, by the metric without dimensions', () => {
    const [metric, ...more] = aws('throttled-functions');
    expect(more).toEqual([]);
    expect(metric).toMatchObject({ Namespace: 'AWS/Lambda', MetricName: 'Throttles' });
    expect(dimensionsOf(metric as Metric)).toEqual({});
  });
});
