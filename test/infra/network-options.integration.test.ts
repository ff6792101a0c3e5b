import { App } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { isCidr } from '../../lib/network/destination.ts';
import { networkOptions } from '../../lib/network/network-options.ts';
import { sourceBuckets } from '../../lib/network/source-buckets.ts';
import { broughtNetwork as brought } from './brought-network.ts';
import { type Context, stackJson } from './template.ts';

const optionsOf = (context: Context) => networkOptions(new App({ context }).node);

describe('a VPC that is brought along', () => {
  it('is taken without a warning of the CDK', () => {
    let warnings: readonly unknown[] = ['not looked'];
    stackJson(brought, (stack) => {
      warnings = Annotations.fromStack(stack).findWarning('*', Match.anyValue());
    });
    expect(warnings).toEqual([]);
  });
});

describe('the network in the context', () => {
  it('is our own where none is brought along', () => {
    expect(optionsOf({})).toEqual({
      kind: 'own',
      cidr: '10.71.0.0/22',
      databases: [],
      endpoints: [],
      databaseHosts: [],
    });
    const options = optionsOf({
      vpcCidr: '10.9.0.0/20',
      databases: '10.0.8.0/24:5432,sg-0123abcd:3306',
      databaseHosts: 'DB.example.com,*.rds.example.com',
      endpoints: 'pl-0123abcd',
    });
    expect(options).toMatchObject({
      kind: 'own',
      cidr: '10.9.0.0/20',
      databases: [
        { text: '10.0.8.0/24:5432', port: 5432 },
        { text: 'sg-0123abcd:3306', port: 3306 },
      ],
      databaseHosts: ['db.example.com', '*.rds.example.com'],
      endpoints: [{ text: 'pl-0123abcd', port: 443 }],
    });
  });

  it('is a VPC by the ids of it and of its subnets', () => {
    expect(optionsOf({ ...brought, databases: '10.0.0.0/8:5432' })).toMatchObject({
      kind: 'brought',
      vpcId: 'vpc-0123456789abcdef0',
      subnetIds: ['subnet-0123456789abcdef0', 'subnet-89abcdef'],
      endpoints: [{ text: 'pl-0123abcd' }, { text: 'sg-0123456789abcdef0' }],
      databases: [{ port: 5432 }],
    });
  });

  it.each<readonly [string, Context, RegExp]>([
    ['an id that is none', { ...brought, vpcId: 'my-vpc' }, /vpcId has "my-vpc", which is not vpc- and/],
    ['a subnet that is none', { ...brought, subnetIds: 'subnet-1' }, /subnetIds has "subnet-1"/],
    ['a subnet twice', { ...brought, subnetIds: 'subnet-89abcdef,subnet-89abcdef' }, /one subnet twice/],
    ['a VPC without subnets', { ...brought, subnetIds: '' }, /vpcId and no subnetIds/],
    ['subnets without a VPC', { subnetIds: 'subnet-89abcdef' }, /subnetIds and no vpcId/],
    ['a VPC of which nobody says how AWS is reached', { ...brought, endpoints: '' }, /no endpoints\. Say what leads/],
    [
      'an endpoint with a port',
      { ...brought, endpoints: 'sg-0123abcd:443' },
      /endpoints has "sg-0123abcd:443".*without a port/,
    ],
    ['names to resolve in a VPC of others', { ...brought, databaseHosts: 'db.example.com' }, /databaseHosts and vpcId/],
    ['addresses for a VPC of others', { ...brought, vpcCidr: '10.0.0.0/16' }, /vpcCidr and vpcId/],
    ['endpoints that are made', { endpoints: 'sg-0123abcd' }, /endpoints has "sg-0123abcd".*prefix lists/],
    ['a database without a port', { databases: '10.0.8.0/24' }, /databases has "10\.0\.8\.0\/24".*:<port>/],
    ['a database at a port that is none', { databases: '10.0.8.0/24:70000' }, /databases has/],
    ['a database by its name', { databases: 'db.example.com:5432' }, /databases has "db\.example\.com:5432"/],
    ['addresses with bits behind their length', { databases: '10.0.8.1/24:5432' }, /databases has/],
    ['addresses of version 6', { databases: '::/0:5432' }, /databases has/],
    ['a network that is too small', { vpcCidr: '10.0.0.0/28' }, /vpcCidr has "10\.0\.0\.0\/28".*256/],
    ['a name with a port', { databaseHosts: 'db.example.com:5432' }, /databaseHosts has.*without a port/],
    ['every name', { databaseHosts: '*' }, /databaseHosts has "\*"/],
  ])('refuses %s, and says how it is written', (_, context, message) => {
    expect(() => optionsOf(context)).toThrow(message);
  });

  it('tells blocks of addresses from what looks like them', () => {
    const blocks = ['0.0.0.0/0', '10.0.0.0/8', '192.168.1.5/32', '128.0.0.0/1'];
    expect(blocks.filter((text) => !isCidr(text))).toEqual([]);
    expect(['1.2.3.4', '0.0.0.1/0', '10.0.0.0/33', '256.0.0.0/8', '10.0.0.0/7x'].filter(isCidr)).toEqual([]);
  });

  it('lists source buckets once each, and refuses what is no name of a bucket', () => {
    const buckets = (value: string) => sourceBuckets(new App({ context: { sourceBuckets: value } }).node);
    expect(buckets('one-bucket, another.bucket,one-bucket')).toEqual(['one-bucket', 'another.bucket']);
    for (const wrong of ['s3://bucket', 'bucket/prefix', 'Bucket', '*', '10.0.0.1'])
      expect(() => buckets(wrong)).toThrow(`sourceBuckets has "${wrong}"`);
  });
});
