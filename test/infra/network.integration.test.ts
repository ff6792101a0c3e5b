import { beforeAll, describe, expect, it } from 'vitest';
import { functionNames, needsOf } from '../../src/contracts/function-needs.ts';
import { type Context, flat, goldenOf, type Resource, stackTemplate, type Template } from './template.ts';

const options: Readonly<Record<'own' | 'brought', Context>> = {
  own: { databases: '10.0.8.0/24:5432', databaseHosts: 'db.example.com', sourceBuckets: 'exports' },
  brought: {
    vpcId: 'vpc-0123456789abcdef0',
    subnetIds: 'subnet-0123456789abcdef0,subnet-89abcdef',
    endpoints: 'pl-0123abcd,sg-0123456789abcdef0',
    databases: 'sg-89abcdef:3306',
    sandboxImage: `123456789012.dkr.ecr.eu-central-1.amazonaws.com/surveyor@sha256:${'a'.repeat(64)}`,
  },
};

describe.each(['own', 'brought'] as const)('the network that is %s', (kind) => {
  let template: Template;
  beforeAll(() => {
    template = stackTemplate(options[kind]);
  });

  const inFolder = ({ path }: Resource): boolean => /^(?:Network|Sandboxes)\//.test(path);

  it('is made of these resources, and so are the sandboxes in it', async () => {
    await expect(goldenOf(template.resources.filter(inFolder))).toMatchFileSnapshot(
      `../golden/infra/${kind}-network.json`,
    );
  });

  it('has the functions that call sandboxes in it, and no other', () => {
    const inside = template
      .ofType('AWS::Lambda::Function')
      .filter(({ Properties }) => Properties['VpcConfig'] !== undefined)
      .map(({ Properties }) => flat(Properties['FunctionName']));
    const callers = functionNames.filter((name) => needsOf(name).sandbox?.some((access) => access === 'call'));
    expect(callers.length).toBeGreaterThan(3);
    expect(inside.toSorted()).toEqual(callers.map((name) => `surveyor-${name}`).toSorted());
  });

  // A network that is brought along has endpoints of its own.
  it.each(kind === 'own' ? [kind] : [])('lets through the endpoints of its %s what its functions are granted', () => {
    type Statement = { readonly Effect: string; readonly Action: unknown; readonly Resource: unknown };
    const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);
    const allowed = (resources: readonly Resource[]): readonly string[] =>
      resources
        .flatMap(
          ({ Properties }) =>
            (Properties['PolicyDocument'] as { readonly Statement: readonly Statement[] } | undefined)?.Statement ?? [],
        )
        .filter(({ Effect }) => Effect === 'Allow')
        .flatMap(({ Action, Resource: on }) =>
          list(Action).flatMap((action) => list(on).map((arn) => `${flat(action)} ${flat(arn)}`)),
        );
    const through = new Set(allowed(template.ofType('AWS::EC2::VPCEndpoint')));
    const callers = functionNames.filter((name) => needsOf(name).sandbox?.some((access) => access === 'call'));
    const granted = allowed(
      template
        .ofType('AWS::IAM::Policy')
        .filter(({ path }) => callers.some((name) => path.startsWith(`Functions/${name}/`))),
    ).filter((grant) => /^(?:s3|dynamodb|secretsmanager):/.test(grant));
    expect(granted.length).toBeGreaterThan(20);
    expect(granted.filter((grant) => !through.has(grant))).toEqual([]);
  });

  it('lets nobody in but the functions to the sandboxes, and both to the endpoints that it makes', () => {
    const ingress = template.ofType('AWS::EC2::SecurityGroupIngress').map(({ Properties }) => {
      const { GroupId, SourceSecurityGroupId, FromPort } = Properties;
      return `${flat(SourceSecurityGroupId)} ${flat(GroupId)}:${flat(FromPort)}`.replaceAll(
        /Network|[0-9A-F]{8}|\.GroupId|[<>]/g,
        '',
      );
    });
    expect(ingress.toSorted()).toEqual(
      [
        ...(kind === 'own' ? ['GroupsFunctions OwnEndpointGroup:443'] : []),
        'GroupsFunctions GroupsSandboxes:8443',
        ...(kind === 'own' ? ['GroupsSandboxes OwnEndpointGroup:443'] : []),
      ].toSorted(),
    );
    for (const { Properties } of template.ofType('AWS::EC2::SecurityGroup'))
      expect(Properties['SecurityGroupIngress']).toBeUndefined();
  });

  it('leads nowhere else', () => {
    const ways = ['InternetGateway', 'NatGateway', 'Route', 'VPCPeeringConnection', 'TransitGatewayAttachment', 'EIP'];
    expect(template.resources.filter(({ type }) => ways.some((way) => type === `AWS::EC2::${way}`))).toEqual([]);
  });
});
