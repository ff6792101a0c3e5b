import { Duration } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function, LoggingFormat, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { dataProtection } from './data-protection.ts';
import { acknowledgeWildcards } from './acknowledge.ts';
import type { FunctionBundles } from './bundle-functions.ts';
import { functionTable } from './function-table.ts';
import { type FunctionName, functionNames } from '../src/contracts/function-needs.ts';
import { allowAttachment, type FunctionNetwork, insideNetwork, isInside } from './network/inside-network.ts';
import { placeArns, promptArns, sampleArn } from './object-permissions.ts';
import { permissions, type Resources } from './permissions.ts';
import { resourceNames } from './resource-names.ts';

/** What all functions are made from. */
export type FunctionsProps = {
  readonly bundles: FunctionBundles;
  readonly resources: Omit<Resources, 'logGroupArn'>;
  /** Names of things alone, never a credential: the same for every function. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where those that talk to sandboxes sit. */
  readonly network: FunctionNetwork;
};

/** Every function of the service, each with its own role, all printing into one log: there a run’s lines are together. */
export class Functions extends Construct {
  /** Where all of them print. */
  readonly log: LogGroup;
  private readonly byName: ReadonlyMap<FunctionName, Function>;

  constructor(scope: Construct, id: string, props: FunctionsProps) {
    super(scope, id);
    const log = new LogGroup(this, 'Log', {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: dataProtection(this).removalPolicy,
    });
    this.log = log;
    this.byName = new Map(functionNames.map((name) => [name, this.create(name, log, props)]));
    const {
      webhookSecretsArn,
      bucketArn,
      sourceBucketArns,
      connectionSecretArns,
      executionArns,
      sandboxes,
      schedulesArn,
    } = props.resources;
    acknowledgeWildcards(
      this,
      [
        ...Object.values(placeArns(bucketArn)),
        sampleArn(bucketArn),
        ...Object.values(promptArns(bucketArn)),
        ...sourceBucketArns.map((arn) => `${arn}/*`),
        ...connectionSecretArns,
        webhookSecretsArn,
        ...executionArns,
        schedulesArn,
      ],
      'Objects, secrets, executions and schedules of our own, whose names come with the runs.',
    );
    acknowledgeWildcards(
      this,
      [sandboxes.tasksArn, sandboxes.definitionsArn],
      'Tasks have generated names, and a deployment makes a new revision while functions still start the one before.',
    );
    acknowledgeWildcards(this, ['*'], 'X-Ray, network interfaces and lists of tasks know no resources.');
  }

  /** The function of a name. */
  get(name: FunctionName): Function {
    const found = this.byName.get(name);
    if (found === undefined) throw new Error(`No function is called "${name}". Add it to lib/function-table.ts.`);
    return found;
  }

  private create(name: FunctionName, log: LogGroup, props: FunctionsProps): Function {
    const { bundles, resources, environment, network } = props;
    const inside = isInside(name);
    const needs = functionTable[name];
    const scope = new Construct(this, name);
    const role = new Role(scope, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    log.grantWrite(role);
    for (const one of permissions(needs.grants, { ...resources, logGroupArn: log.logGroupArn })) role.addToPolicy(one);
    if (inside) allowAttachment(role, resourceNames(this).functionArn(name));
    const created = new Function(scope, 'Function', {
      functionName: resourceNames(this).physical(name),
      description: `Surveyor: ${name}`,
      code: Code.fromAsset(bundles.folderOf(name)),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      // A function's share of a processor grows with its memory: 1 GB starts a bundle of 1 MB in well under a second.
      memorySize: 1024,
      timeout: Duration.seconds(needs.seconds),
      environment: { ...environment, LOG_GROUP_NAME: log.logGroupName },
      role,
      logGroup: log,
      loggingFormat: LoggingFormat.JSON,
      tracing: Tracing.ACTIVE,
      ...(inside ? insideNetwork(network) : {}),
    });
    // Lambda makes the network interfaces when it makes the function, and removes them after it is gone.
    if (inside) created.node.addDependency(role);
    return created;
  }
}
