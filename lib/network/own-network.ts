import {
  GatewayVpcEndpoint,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpoint,
  InterfaceVpcEndpointAwsService,
  IpAddresses,
  type ISubnet,
  type IVpc,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import { DnsFirewall } from './dns-firewall.ts';
import type { EndpointPolicies } from './endpoint-policies.ts';
import type { Network } from './network.ts';
import type { OwnNetworkOptions } from './network-options.ts';
import type { SecurityGroups } from './security-groups.ts';

/** A VPC whose subnets lead nowhere but to each other, S3 and DynamoDB. */
export class OwnNetwork extends Construct implements Network {
  readonly vpc: IVpc;
  readonly subnets: readonly ISubnet[];

  constructor(scope: Construct, id: string, { cidr, databaseHosts }: OwnNetworkOptions) {
    super(scope, id);
    const vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr(cidr),
      maxAzs: 2,
      natGateways: 0,
      createInternetGateway: false,
      subnetConfiguration: [{ name: 'isolated', subnetType: SubnetType.PRIVATE_ISOLATED }],
      // Nothing is put into that group; to empty it would take a function with a role of its own.
      restrictDefaultSecurityGroup: false,
    });
    acknowledge(vpc, {
      'AwsSolutions-VPC7':
        'Nothing leads out of these subnets; who wants a record of what was refused turns on flow logs, which cost by volume.',
    });
    // The compiler takes an id that a VPC may not have for one that it must have.
    this.vpc = vpc as IVpc;
    this.subnets = vpc.isolatedSubnets;
    new DnsFirewall(this, 'DnsFirewall', this.vpc, databaseHosts);
  }

  /** Makes the endpoints, which the two groups may use. */
  addEndpoints({ functions, sandboxes }: SecurityGroups, policies: EndpointPolicies): void {
    const gateways = {
      S3: [GatewayVpcEndpointAwsService.S3, policies.s3],
      DynamoDb: [GatewayVpcEndpointAwsService.DYNAMODB, policies.dynamodb],
    } as const;
    for (const [id, [service, policy]] of Object.entries(gateways)) {
      const endpoint = new GatewayVpcEndpoint(this, id, { vpc: this.vpc, service });
      policy.forEach((statement) => endpoint.addToPolicy(statement));
    }

    const group = new SecurityGroup(this, 'EndpointGroup', {
      vpc: this.vpc,
      description: 'Surveyor: endpoints of AWS services',
      allowAllOutbound: false,
    });
    for (const users of [functions, sandboxes])
      users.connections.allowTo(group, Port.tcp(443), 'Endpoints of AWS services');
    const interfaces: Readonly<Record<string, readonly [InterfaceVpcEndpointAwsService, readonly PolicyStatement[]]>> =
      {
        EcrApi: [InterfaceVpcEndpointAwsService.ECR, policies.registry],
        EcrDkr: [InterfaceVpcEndpointAwsService.ECR_DOCKER, policies.registry],
        Logs: [InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS, policies.logs],
        Secrets: [InterfaceVpcEndpointAwsService.SECRETS_MANAGER, policies.secrets],
      };
    for (const [id, [service, policy]] of Object.entries(interfaces)) {
      const endpoint = new InterfaceVpcEndpoint(this, id, {
        vpc: this.vpc,
        service,
        // Each costs per zone and hour; the other zone's tasks go across.
        subnets: { subnets: this.subnets.slice(0, 1) },
        securityGroups: [group],
        open: false,
      });
      policy.forEach((statement) => endpoint.addToPolicy(statement));
    }
  }
}
