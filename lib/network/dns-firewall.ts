import { Stack } from 'aws-cdk-lib';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import {
  CfnFirewallDomainList,
  CfnFirewallRuleGroup,
  CfnFirewallRuleGroupAssociation,
} from 'aws-cdk-lib/aws-route53resolver';
import { Construct } from 'constructs';

/**
 * Lets names of databases and of AWS's endpoints resolve in a VPC and no other: security groups do not hold DNS, and a name
 * that is asked for is a message to whoever serves it.
 */
export class DnsFirewall extends Construct {
  constructor(scope: Construct, id: string, vpc: IVpc, databaseHosts: readonly string[]) {
    super(scope, id);
    const { region, urlSuffix } = Stack.of(this);
    const endpoint = (name: string): string => `${name}.${region}.${urlSuffix}`;
    const known = new CfnFirewallDomainList(this, 'Known', {
      domains: [
        ...['s3', '*.s3', 'dynamodb', '*.ddb', 'secretsmanager', 'api.ecr', '*.dkr.ecr', 'logs'].map(endpoint),
        ...databaseHosts,
      ],
    });
    const all = new CfnFirewallDomainList(this, 'All', { domains: ['*'] });
    const rules = new CfnFirewallRuleGroup(this, 'Rules', {
      firewallRules: [
        {
          priority: 1,
          action: 'ALLOW',
          firewallDomainListId: known.attrId,
          // A database's name may be an alias of one that changes with every failover.
          firewallDomainRedirectionAction: 'TRUST_REDIRECTION_DOMAIN',
        },
        { priority: 2, action: 'BLOCK', blockResponse: 'NXDOMAIN', firewallDomainListId: all.attrId },
      ],
    });
    new CfnFirewallRuleGroupAssociation(this, 'Association', {
      vpcId: vpc.vpcId,
      firewallRuleGroupId: rules.attrId,
      priority: 101,
    });
  }
}
