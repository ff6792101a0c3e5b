import type { Template } from '../../infra/template.ts';
import type { Usage } from './price-list.ts';

const hours = 730;

/** What is stored in a deployment that has been used for a while: an assumption, and no measurement. */
export const assumedStorage: Usage = {
  'ecr-gb-months': 1,
  'log-gb-months': 1,
  's3-gb-months': 1,
  'dynamodb-gb-months': 0.1,
  'dynamodb-recovery-gb-months': 0.1,
};

/** What a stack takes in a month in which nobody uses it, by its template: all that is billed for being there. */
export const idleUsage = (template: Template): Usage => {
  const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as readonly unknown[]) : []);
  const sum = (type: string, of: (properties: Readonly<Record<string, unknown>>) => number): number =>
    template.ofType(type).reduce((total, { Properties }) => total + of(Properties), 0);
  return {
    // An alarm on an expression is billed for each metric in it.
    'alarm-metric-months': sum('AWS::CloudWatch::Alarm', ({ Metrics }) =>
      Metrics === undefined
        ? 1
        : list(Metrics).filter((metric) => Object.hasOwn(metric as object, 'MetricStat')).length,
    ),
    'dashboard-months': sum('AWS::CloudWatch::Dashboard', () => 1),
    'secret-hours': sum('AWS::SecretsManager::Secret', () => hours),
    'kms-key-months': sum('AWS::KMS::Key', () => 1),
    'nat-hours': sum('AWS::EC2::NatGateway', () => hours),
    'endpoint-hours': sum('AWS::EC2::VPCEndpoint', ({ VpcEndpointType, SubnetIds }) =>
      VpcEndpointType === 'Interface' ? hours * list(SubnetIds).length : 0,
    ),
    'dns-firewall-domain-months': sum(
      'AWS::Route53Resolver::FirewallDomainList',
      ({ Domains }) => list(Domains).length,
    ),
  };
};

/** How often a month each function is called by the clock, by the name that its physical name ends in. */
export const monthlyTicks = (template: Template): ReadonlyMap<string, number> => {
  const minutesOf = { minute: 1, hour: 60, day: 1_440 } as const;
  const functions = new Map(template.ofType('AWS::Lambda::Function').map(({ id, Properties }) => [id, Properties]));
  return new Map(
    template.ofType('AWS::Events::Rule').flatMap(({ Properties }) => {
      const { ScheduleExpression, Targets } = Properties as {
        readonly ScheduleExpression?: string;
        readonly Targets: readonly { readonly Arn: { readonly 'Fn::GetAtt'?: readonly string[] } }[];
      };
      if (ScheduleExpression === undefined) return [];
      const [, count = '', unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(ScheduleExpression) ?? [];
      const minutes = Number(count) * minutesOf[unit as keyof typeof minutesOf];
      return Targets.map(({ Arn }): [string, number] => {
        const name = String(functions.get(Arn['Fn::GetAtt']?.[0] ?? '')?.['FunctionName']);
        return [name.replace(/^surveyor-/, ''), (hours * 60) / minutes];
      });
    }),
  );
};
