import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { agentLoopName } from '../src/domain/chain/compile-agent-loop.ts';
import { Api } from './api.ts';
import type { FunctionBundles } from './bundle-functions.ts';
import { Functions } from './functions.ts';
import { machineRole } from './machine-role.ts';
import { ObjectBucket } from './object-bucket.ts';
import { resourceNames } from './resource-names.ts';
import { RunTable } from './run-table.ts';
import { SettleRule } from './settle-rule.ts';
import { chainNames, StateMachines } from './state-machines.ts';

/** What the stack is made from, beside the context. */
export type SurveyorStackProps = StackProps & { readonly bundles: FunctionBundles };

/**
 * The service on AWS. Context: `modelKeySecret` names the secret with the model's API key (absent: the deterministic
 * analyst writes the reports); `protectData=false` lets the data go with the stack; `requestsPerMinute` limits each API key
 * (600); `origins` names, separated by commas, whose pages may call the API from a browser.
 */
export class SurveyorStack extends Stack {
  constructor(scope: Construct, id: string, { bundles, ...props }: SurveyorStackProps) {
    super(scope, id, { description: 'Surveyor: surveys databases with agents and publishes reports', ...props });
    const names = resourceNames(this);
    const modelKeySecret = this.node.tryGetContext('modelKeySecret') as string | undefined;

    const requestsPerMinute = this.node.tryGetContext('requestsPerMinute') as string | undefined;
    const origins = ((this.node.tryGetContext('origins') as string | undefined) ?? '').split(',').filter(Boolean);

    const { table, indexArns } = new RunTable(this, 'RunTable');
    const { bucket } = new ObjectBucket(this, 'ObjectBucket');
    const role = machineRole(this, 'MachineRole');
    const functions = new Functions(this, 'Functions', {
      bundles,
      resources: {
        tableArn: table.tableArn,
        indexArns,
        bucketArn: bucket.bucketArn,
        tenantSecretsArn: names.tenantSecretsArn,
        chainArns: chainNames.map(names.machineArn),
        executionArns: [agentLoopName, ...chainNames].map(names.executionsArn),
        modelKeyArn: modelKeySecret === undefined ? undefined : names.secretArn(modelKeySecret),
      },
      environment: {
        TABLE_NAME: table.tableName,
        BUCKET_NAME: bucket.bucketName,
        SECRET_PREFIX: this.stackName,
        FUNCTION_ARN_PREFIX: names.functionArn(''),
        MACHINE_ARN_PREFIX: names.machineArn(''),
        MACHINE_ROLE_ARN: role.roleArn,
        ...(requestsPerMinute === undefined ? {} : { SURVEYOR_REQUESTS_PER_MINUTE: requestsPerMinute }),
        ...(origins.length === 0 ? {} : { SURVEYOR_ORIGINS: origins.join(',') }),
        ...(modelKeySecret === undefined ? {} : { MODEL_KEY_SECRET: modelKeySecret }),
      },
    });
    const machines = new StateMachines(this, 'StateMachines', functions, role);
    new SettleRule(this, 'SettleRule', machines.chains, functions.get('settle-run'));
    const api = new Api(this, 'Api', functions, origins);

    new CfnOutput(this, 'ApiUrl', { value: api.url, description: 'Where the API answers' });
    new CfnOutput(this, 'BucketName', { value: bucket.bucketName, description: 'Where the reports lie' });
  }
}
