import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Function } from 'aws-cdk-lib/aws-lambda';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Trigger } from 'aws-cdk-lib/triggers';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { ContainerSecret } from './sandbox-containers.ts';

/** The variable of the supervisor's environment that key and certificate come in. */
const variable = 'SURVEYOR_SUPERVISOR_TLS';

/**
 * The key and certificate that sandboxes encrypt with: one secret, empty at first. renew-certificate fills it at each
 * deployment where that is due, and once a day; the functions that talk to sandboxes read what to trust from the run table.
 */
export class SandboxCertificate extends Construct {
  readonly secretArn: string;
  /** For the supervisor's container: the secret whole, so that key and certificate are of one version. */
  readonly containerSecret: ContainerSecret;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const secret = new CfnSecret(this, 'Secret', {
      description: 'Surveyor: key and certificate of the sandboxes; renew-certificate keeps it',
    });
    // Nothing is lost with it: the next deployment makes another.
    secret.applyRemovalPolicy(RemovalPolicy.DESTROY);
    acknowledge(secret, {
      'AwsSolutions-SMG4': 'It is renewed by a function of our own, which also tells clients what to trust.',
    });
    this.secretArn = secret.ref;
    this.containerSecret = { name: variable, valueFrom: secret.ref };
  }

  /** Has the certificate made and renewed by a function. */
  renewBy(renew: Function): void {
    new Rule(this, 'Daily', {
      description: 'Renews the certificate of the sandboxes where it is due',
      schedule: Schedule.rate(Duration.days(1)),
      targets: [new LambdaFunction(renew, { retryAttempts: 4 })],
    });
    // Without a certificate no task starts, so a deployment does not end before there is one.
    const trigger = new Trigger(this, 'AtDeployment', { handler: renew, timeout: Duration.minutes(2) });
    trigger.executeAfter(renew, this);
    acknowledge(renew, {
      'Annotation::@aws-cdk/aws-lambda:addPermissionsToVersionOrAlias':
        'The trigger’s role names the function and its versions; no resource policy is needed within one account.',
    });
  }
}
