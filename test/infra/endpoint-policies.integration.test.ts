import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, it } from 'vitest';
import { functionNames } from '../../src/contracts/function-needs.ts';
import { isInside } from '../../lib/network/inside-network.ts';
import { allows, type PolicyStatement, statementsOf } from './policy.ts';
import { account, region, type Resolver, resolver } from './resolve.ts';
import { signedLink, signedRequest, type Signer } from './signed-request.ts';
import { stackTemplate, type Template } from './template.ts';

const put = (Bucket: string, Key: string) => (s3: S3Client) =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body: 'carried out' }));
const get = (Bucket: string, Key: string) => (s3: S3Client) => s3.send(new GetObjectCommand({ Bucket, Key }));
const remove = (Bucket: string, Key: string) => (s3: S3Client) => s3.send(new DeleteObjectCommand({ Bucket, Key }));
const list = (Bucket: string) => (s3: S3Client) => s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'a' }));

/** A role of ours, and a credential that hostile code has brought along to carry data out with. */
const ours: Signer = { accessKeyId: 'AKIAOURS', account };
const theirs: Signer = { accessKeyId: 'AKIATHEIRS', account: '666666666666' };
/** ECR signs the links to layers itself. */
const registry: Signer = { accessKeyId: 'AKIAECR', account: '999999999999' };

const document = 'tenant/_runs/01JJXB3B00AAAAAAAAAAAAAAAA/profile.json';
const report = 'tenant/reports/shop/2026-01-31T12-00-00.000Z/summary.html';
const layers = `prod-${region}-starport-layer-bucket`;

describe('the endpoints of our own network', () => {
  let template: Template;
  let resolve: Resolver;
  let bucket: string;
  beforeAll(() => {
    template = stackTemplate({ sourceBuckets: 'exports,more-exports', modelKeySecret: 'anthropic' });
    resolve = resolver(template);
    const [found] = template.ofType('AWS::S3::Bucket');
    bucket = resolve.text({ Ref: found?.id });
  });

  /** The service of an endpoint, without its region. */
  const serviceOf = (name: unknown): string => resolve.text(name).replace(`com.amazonaws.${region}.`, '');
  const through = (service: string): readonly PolicyStatement[] => {
    const endpoint = template
      .ofType('AWS::EC2::VPCEndpoint')
      .find((one) => serviceOf(one.Properties['ServiceName']) === service);
    return statementsOf(endpoint?.Properties['PolicyDocument'], resolve);
  };
  const passesS3 = async (...request: Parameters<typeof signedRequest>): Promise<boolean> =>
    allows(through('s3'), await signedRequest(...request));

  it('are those of what sandboxes and the functions beside them use, each with a policy: nothing else is led to', () => {
    const services = template
      .ofType('AWS::EC2::VPCEndpoint')
      .map(({ Properties }) => serviceOf(Properties['ServiceName']));
    expect(services.toSorted()).toEqual(['dynamodb', 'ecr.api', 'ecr.dkr', 'logs', 's3', 'secretsmanager']);
    for (const service of services) expect(through(service).length).toBeGreaterThan(0);
  });

  it('refuse a signed PUT to a foreign bucket, whoever signed it', async () => {
    expect(await passesS3(theirs, put('foreign', document))).toBe(false);
    expect(await passesS3(ours, put('foreign', document))).toBe(false);
  });

  it('refuse to read from a foreign bucket, to list it, and a link that leads there', async () => {
    for (const signer of [ours, theirs]) {
      expect(await passesS3(signer, get('foreign', 'orders'))).toBe(false);
      expect(await passesS3(signer, list('foreign'))).toBe(false);
      expect(allows(through('s3'), signedLink(signer, 'foreign', 'orders'))).toBe(false);
    }
    // A name that ours is the beginning of, or the end.
    for (const Bucket of [`${bucket}-2`, `2-${bucket}`, 'exports-2', `${layers}-2`])
      expect(await passesS3(ours, get(Bucket, document))).toBe(false);
  });

  it('let a role of ours read and write the objects of the store, and nobody else', async () => {
    for (const Key of [document, report, 'tenant/_evidence/results/a.json', '.datasets/shop/a/orders.csv'])
      for (const call of [get(bucket, Key), put(bucket, Key)]) {
        expect(await passesS3(ours, call)).toBe(true);
        expect(await passesS3(theirs, call)).toBe(false);
      }
    expect(await passesS3(ours, list(bucket))).toBe(true);
    expect(await passesS3(ours, remove(bucket, document))).toBe(false);
    expect(await passesS3(ours, put(bucket, 'tenant/_other/x'))).toBe(false);
    // Prompts are read there, and kept and chosen elsewhere.
    expect(await passesS3(ours, get(bucket, '.prompts/kept/a.json'))).toBe(true);
    expect(await passesS3(ours, put(bucket, '.prompts/kept/a.json'))).toBe(false);
    // A copy is a PUT that names its source in a header, which S3 asks about by itself.
    const copy = (s3: S3Client) =>
      s3.send(new CopyObjectCommand({ Bucket: 'foreign', Key: 'x', CopySource: `${bucket}/${document}` }));
    expect(await passesS3(ours, copy)).toBe(false);
  });

  it('let objects of the listed buckets be read and listed by a role of ours, never written', async () => {
    for (const Bucket of ['exports', 'more-exports']) {
      const read = get(Bucket, 'shop/orders.csv');
      expect(await passesS3(ours, read)).toBe(true);
      expect(await passesS3(theirs, read)).toBe(false);
      expect(await passesS3(ours, list(Bucket))).toBe(true);
      expect(allows(through('s3'), signedLink(ours, Bucket, 'shop/orders.csv'))).toBe(true);
      for (const call of [put(Bucket, 'shop/orders.csv'), remove(Bucket, 'shop/orders.csv')])
        expect(await passesS3(ours, call)).toBe(false);
    }
  });

  it('let the layers of images be read, by the links of ECR, and not be written', async () => {
    expect(allows(through('s3'), signedLink(registry, layers, 'layer/sha256'))).toBe(true);
    expect(await passesS3(theirs, put(layers, 'x'))).toBe(false);
    expect(await passesS3(registry, list(layers))).toBe(false);
    const elsewhere = layers.replace(region, 'us-east-1');
    expect(allows(through('s3'), signedLink(registry, elsewhere, 'layer/sha256'))).toBe(false);
  });

  const arnOf = (type: string): string => resolve.text({ 'Fn::GetAtt': [template.ofType(type)[0]?.id, 'Arn'] });

  it('let through of all other services what is ours, signed by ours', () => {
    const table = arnOf('AWS::DynamoDB::GlobalTable');
    const certificate = arnOf('AWS::SecretsManager::Secret');
    const arn = (service: string, rest: string) => `arn:aws:${service}:${region}:${account}:${rest}`;
    const repository = arn('ecr', `repository/cdk-hnb659fds-container-assets-${account}-${region}`);
    const log = template.ofType('AWS::Logs::LogGroup').find(({ path }) => path.startsWith('Sandboxes/'));
    const stream = resolve.text({ 'Fn::GetAtt': [log?.id, 'Arn'] }).replace(/\*$/, 'log-stream:sandbox/1');
    const cases: readonly (readonly [string, string, string, boolean])[] = [
      ['dynamodb', 'dynamodb:Query', table, true],
      ['dynamodb', 'dynamodb:Query', `${table}/index/running`, true],
      ['dynamodb', 'dynamodb:PutItem', `${table}-2`, false],
      ['dynamodb', 'dynamodb:Scan', table, false],
      ['dynamodb', 'dynamodb:DeleteTable', table, false],
      [
        'secretsmanager',
        'secretsmanager:GetSecretValue',
        arn('secretsmanager', 'secret:surveyor/tenant/runs/x/main-AbCdEf'),
        true,
      ],
      ['secretsmanager', 'secretsmanager:GetSecretValue', certificate, true],
      ['secretsmanager', 'secretsmanager:GetSecretValue', arn('secretsmanager', 'secret:anthropic-AbCdEf'), false],
      ['secretsmanager', 'secretsmanager:PutSecretValue', certificate, false],
      ['secretsmanager', 'secretsmanager:CreateSecret', arn('secretsmanager', 'secret:surveyor/x-AbCdEf'), false],
      ...['ecr.api', 'ecr.dkr'].flatMap((service) => [
        [service, 'ecr:GetAuthorizationToken', '*', true] as const,
        [service, 'ecr:BatchGetImage', repository, true] as const,
        [service, 'ecr:PutImage', repository, false] as const,
        [service, 'ecr:BatchGetImage', arn('ecr', 'repository/another'), false] as const,
      ]),
      ['logs', 'logs:PutLogEvents', stream, true],
      ['logs', 'logs:PutLogEvents', arn('logs', 'log-group:another:log-stream:x'), false],
      ['logs', 'logs:CreateLogGroup', arn('logs', 'log-group:another'), false],
    ];
    for (const [service, action, resource, passes] of cases) {
      const by = (principal: string) => ({ action, resource, context: { 'aws:PrincipalAccount': [principal] } });
      expect(allows(through(service), by(account)), `${action} on ${resource}`).toBe(passes);
      expect(allows(through(service), by(theirs.account)), `${action} on ${resource}, by another account`).toBe(false);
    }
  });

  it('are not all that stands in the way: no role of a function inside may write to a foreign bucket', async () => {
    const foreign = await signedRequest(ours, put('foreign', document));
    const own = await signedRequest(ours, put(bucket, document));
    const may = (name: string, request: typeof own): boolean =>
      template
        .ofType('AWS::IAM::Policy')
        .filter(({ path }) => path.startsWith(`Functions/${name}/`))
        .some(({ Properties }) => allows(statementsOf(Properties['PolicyDocument'], resolve), request));
    const inside = functionNames.filter(isInside);
    expect(inside.filter((name) => may(name, own)).length).toBeGreaterThan(3);
    expect(inside.filter((name) => may(name, foreign))).toEqual([]);
  });
});
