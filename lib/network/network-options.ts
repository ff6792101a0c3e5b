import type { Node } from 'constructs';
import { contextList, contextText, wrongContext } from '../context.ts';
import { type Destination, isCidr, isEc2Id, parseDestination } from './destination.ts';

/** A network that is there already: surveyor adds security groups to it and nothing else. */
export type BroughtNetworkOptions = {
  readonly kind: 'brought';
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  /** What leads to S3, DynamoDB and the endpoints of ECR, logs and secrets there. */
  readonly endpoints: readonly Destination[];
  readonly databases: readonly Destination[];
};

/** A network that the stack makes. */
export type OwnNetworkOptions = {
  readonly kind: 'own';
  readonly cidr: string;
  /** Prefix lists of S3 and DynamoDB; none: port 443 of whatever the route tables lead to, which is these two. */
  readonly endpoints: readonly Destination[];
  readonly databases: readonly Destination[];
  /** The names that resolve there, beside those of AWS's endpoints. */
  readonly databaseHosts: readonly string[];
};

/** Which network the sandboxes run in, as the context says. */
export type NetworkOptions = OwnNetworkOptions | BroughtNetworkOptions;

const httpsPort = 443;
const defaultCidr = '10.71.0.0/22';
const hostName = /^(?:\*\.)?(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/i;

/**
 * Reads the network from the context: `vpcId`, `subnetIds` and `endpoints` bring one along, else the stack makes one, of
 * `vpcCidr` (10.71.0.0/22); `databases` is where statements may go, `databaseHosts` which names resolve in our own. Fails
 * with what is wrong with a value, and how it is written.
 */
export const networkOptions = (node: Node): NetworkOptions => {
  const vpcId = contextText(node, 'vpcId');
  const databases = contextList(node, 'databases').map(
    (text) =>
      parseDestination(text) ??
      wrongContext('databases', text, '<block of IPv4 addresses or security group>:<port>, as in 10.0.8.0/24:5432'),
  );
  return vpcId === undefined ? own(node, databases) : brought(node, vpcId, databases);
};

const own = (node: Node, databases: readonly Destination[]): OwnNetworkOptions => {
  if (contextText(node, 'subnetIds') !== undefined)
    throw new Error('The context names subnetIds and no vpcId. Give the id of the VPC that they are in, or neither.');
  const cidr = contextText(node, 'vpcCidr') ?? defaultCidr;
  const length = Number(cidr.split('/')[1]);
  if (!isCidr(cidr) || length < 16 || length > 24)
    wrongContext('vpcCidr', cidr, 'a block of 256 to 65,536 IPv4 addresses, as in 10.71.0.0/22');
  return {
    kind: 'own',
    cidr,
    databases,
    endpoints: contextList(node, 'endpoints').map((text) => {
      if (!isEc2Id('pl', text))
        wrongContext('endpoints', text, 'the prefix lists of S3 and DynamoDB (pl-…); the other endpoints are made');
      return destination('endpoints', text);
    }),
    databaseHosts: contextList(node, 'databaseHosts').map((host) =>
      hostName.test(host)
        ? host.toLowerCase()
        : wrongContext('databaseHosts', host, 'a host name, as in db.example.com or *.rds.example.com, without a port'),
    ),
  };
};

const brought = (node: Node, vpcId: string, databases: readonly Destination[]): BroughtNetworkOptions => {
  if (!isEc2Id('vpc', vpcId)) wrongContext('vpcId', vpcId, 'vpc- and 8 or 17 hexadecimal digits');
  for (const key of ['vpcCidr', 'databaseHosts'] as const) {
    if (contextText(node, key) === undefined) continue;
    throw new Error(
      `The context names ${key} and vpcId. ${key} is of a VPC that the stack makes; leave it out, since a VPC that is brought along keeps its own addresses and DNS.`,
    );
  }
  const subnetIds = contextList(node, 'subnetIds').map((id) =>
    isEc2Id('subnet', id) ? id : wrongContext('subnetIds', id, 'subnet- and 8 or 17 hexadecimal digits'),
  );
  if (subnetIds.length === 0)
    throw new Error('The context names vpcId and no subnetIds. Give the subnets of that VPC to run sandboxes in.');
  if (new Set(subnetIds).size !== subnetIds.length) throw new Error('The context names one subnet twice in subnetIds.');
  const endpoints = contextList(node, 'endpoints').map((text) => destination('endpoints', text));
  if (endpoints.length === 0)
    throw new Error(
      'The context names vpcId and no endpoints. Say what leads to AWS there: the prefix lists of S3 and DynamoDB (pl-…) and the security group of the endpoints of ecr.api, ecr.dkr, logs and secretsmanager (sg-…), separated by commas.',
    );
  return { kind: 'brought', vpcId, subnetIds, endpoints, databases };
};

const destination = (key: 'endpoints', text: string): Destination =>
  parseDestination(text, httpsPort) ??
  wrongContext(key, text, 'a security group (sg-…), a prefix list (pl-…) or a block of IPv4 addresses, without a port');
