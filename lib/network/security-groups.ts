import { Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import type { Network } from './network.ts';
import type { NetworkOptions } from './network-options.ts';

/** Where a sandbox's supervisor listens. */
export const sandboxPort = 8443;

/** Who may talk to whom: functions to sandboxes, sandboxes to the configured databases, both to AWS's endpoints, and that is all. */
export class SecurityGroups extends Construct {
  readonly functions: SecurityGroup;
  readonly sandboxes: SecurityGroup;

  constructor(scope: Construct, id: string, { vpc }: Network, options: NetworkOptions) {
    super(scope, id);
    const group = (name: string, description: string): SecurityGroup =>
      new SecurityGroup(this, name, { vpc, description, allowAllOutbound: false });
    this.functions = group('Functions', 'Surveyor: functions that talk to sandboxes');
    this.sandboxes = group('Sandboxes', 'Surveyor: sandboxes');
    this.functions.connections.allowTo(this.sandboxes, Port.tcp(sandboxPort), 'Supervisors');

    const { databases, endpoints } = options;
    for (const { text, peer, port } of databases)
      this.sandboxes.addEgressRule(peer, Port.tcp(port), `Databases at ${text}`);
    for (const users of [this.functions, this.sandboxes]) {
      for (const { text, peer, port } of endpoints) users.addEgressRule(peer, Port.tcp(port), `AWS at ${text}`);
      // S3 and DynamoDB have public addresses, other ones in each region. The route tables of our own lead to these two alone.
      if (options.kind === 'own' && endpoints.length === 0)
        users.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'S3 and DynamoDB, which alone are routed');
    }
  }
}
