import { resolve } from 'node:path';
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { partMachineNames } from '../src/domain/chain/part-machines.ts';
import { Api } from './api.ts';
import type { FunctionBundles } from './bundle-functions.ts';
import { checkContextKeys } from './check-context-keys.ts';
import { chosenPrompts } from './chosen-prompts.ts';
import { contextList, contextText, wrongContext } from './context.ts';
import { Functions } from './functions.ts';
import { machineRole } from './machine-role.ts';
import { Messages } from './messages.ts';
import { ObjectBucket } from './object-bucket.ts';
import { sandboxNetwork } from './network/sandbox-network.ts';
import { sourceBuckets } from './network/source-buckets.ts';
import { Operations } from './operations/operations.ts';
import { reconcileRule } from './reconcile-rule.ts';
import { resourceNames } from './resource-names.ts';
import { RunTable } from './run-table.ts';
import { SandboxCertificate } from './sandbox/sandbox-certificate.ts';
import { sandboxCapacity } from './sandbox/sandbox-capacity.ts';
import { sandboxImage } from './sandbox/sandbox-image.ts';
import { SandboxTasks } from './sandbox/sandbox-tasks.ts';
import { Schedules } from './schedules.ts';
import { SettleRule } from './settle-rule.ts';
import { chainNames, StateMachines } from './state-machines.ts';
import { tokenIssuer } from './token-issuer.ts';

/** What the stack is made from, beside the context. */
export type SurveyorStackProps = StackProps & { readonly bundles: FunctionBundles };

/**
 * The service on AWS. What the context says of it stands in `context-keys.ts`, and is read where it is used: here the secret
 * with the model's API key, the limit of requests and the origins whose pages may call the API.
 */
export class SurveyorStack extends Stack {
  constructor(scope: Construct, id: string, { bundles, ...props }: SurveyorStackProps) {
    super(scope, id, { description: 'Surveyor: surveys databases with agents and publishes reports', ...props });
    checkContextKeys(this.node);
    const names = resourceNames(this);
    const modelKeySecret = contextText(this.node, 'modelKeySecret');

    const requestsPerMinute = contextText(this.node, 'requestsPerMinute');
    if (requestsPerMinute !== undefined && !/^\d{1,9}$/.test(requestsPerMinute))
      wrongContext('requestsPerMinute', requestsPerMinute, 'a whole number, 0 for no limit');
    const origins = contextList(this.node, 'origins').map((text) =>
      URL.parse(text)?.origin === text ? text : wrongContext('origins', text, 'an origin, such as https://example.com'),
    );
    const prompts = chosenPrompts(this.node);

    const { table, indexNames, indexArns } = new RunTable(this, 'RunTable');
    const { bucket } = new ObjectBucket(this, 'ObjectBucket', origins);
    const role = machineRole(this, 'MachineRole');
    const image = sandboxImage(this, resolve(import.meta.dirname, '..'));
    const certificate = new SandboxCertificate(this, 'SandboxCertificate');
    const sandboxes = new SandboxTasks(this, 'Sandboxes', {
      image,
      secrets: [certificate.containerSecret],
      secretArns: [certificate.secretArn],
    });
    const buckets = sourceBuckets(this.node);
    const network = sandboxNetwork(this, {
      bucketArn: bucket.bucketArn,
      sourceBuckets: buckets,
      tableArn: table.tableArn,
      indexArns,
      secretArns: [...names.connectionSecretArns, certificate.secretArn],
      repositoryArn: image.repositoryArn,
      sandboxLogArn: sandboxes.logArn,
    });
    const schedules = new Schedules(this, 'Schedules');
    const messages = new Messages(this, 'Messages');
    const functions = new Functions(this, 'Functions', {
      bundles,
      resources: {
        tableArn: table.tableArn,
        bucketArn: bucket.bucketArn,
        connectionSecretArns: names.connectionSecretArns,
        webhookSecretsArn: names.webhookSecretsArn,
        sourceBucketArns: buckets.map(names.bucketArn),
        chainArns: chainNames.map(names.machineArn),
        executionArns: [...partMachineNames, ...chainNames].map(names.executionsArn),
        deliverMessagesArn: names.functionArn('deliver-messages'),
        busArn: messages.busArn,
        lastEvidenceArn: names.functionArn('collect-last-evidence'),
        sandboxes: {
          clusterArn: sandboxes.clusterArn,
          tasksArn: sandboxes.tasksArn,
          definitionsArn: sandboxes.definitionsArn,
          executionRoleArn: sandboxes.executionRoleArn,
          certificateArn: certificate.secretArn,
        },
        schedulesArn: names.schedulesArn(schedules.group),
        scheduleRoleArn: schedules.role.roleArn,
        modelKeyArn: modelKeySecret === undefined ? undefined : names.secretArn(modelKeySecret),
      },
      network: { ...network, group: network.groups.functions },
      environment: {
        SANDBOX_CERTIFICATE_SECRET: certificate.secretArn,
        SANDBOX_CLUSTER: sandboxes.clusterArn,
        SANDBOX_TASK_DEFINITION: sandboxes.taskDefinitionArn,
        SANDBOX_SUBNETS: network.subnets.map(({ subnetId }) => subnetId).join(','),
        SANDBOX_SECURITY_GROUP: network.groups.sandboxes.securityGroupId,
        ...sandboxCapacity(this.node),
        ...(buckets.length === 0 ? {} : { SOURCE_BUCKETS: buckets.join(',') }),
        ...schedules.environment,
        EVENT_BUS: messages.bus,
        TABLE_NAME: table.tableName,
        BUCKET_NAME: bucket.bucketName,
        SECRET_PREFIX: this.stackName,
        FUNCTION_ARN_PREFIX: names.functionArn(''),
        MACHINE_ARN_PREFIX: names.machineArn(''),
        MACHINE_ROLE_ARN: role.roleArn,
        ...(requestsPerMinute === undefined ? {} : { SURVEYOR_REQUESTS_PER_MINUTE: requestsPerMinute }),
        ...(origins.length === 0 ? {} : { SURVEYOR_ORIGINS: origins.join(',') }),
        ...(modelKeySecret === undefined ? {} : { MODEL_KEY_SECRET: modelKeySecret }),
        ...(prompts === undefined ? {} : { PROMPT_HASHES: prompts }),
        ...tokenIssuer(this.node),
      },
    });
    certificate.renewBy(functions.get('renew-certificate'));
    schedules.watch(functions);
    messages.call(functions, table);
    const machines = new StateMachines(this, 'StateMachines', functions, role);
    const { unsettled } = new SettleRule(this, 'SettleRule', machines.chains, functions.get('settle-run'));
    reconcileRule(this, 'ReconcileRule', functions.get('reconcile-runs'));
    const api = new Api(this, 'Api', functions, origins);
    const { topicArn } = new Operations(this, 'Operations', {
      logGroup: functions.log,
      deadLetters: {
        'unsettled-events': unsettled,
        'unstarted-schedules': schedules.deadLetters,
        'unpublished-messages': messages.unpublished,
      },
      publishFunction: functions.get('publish-messages').functionName,
      apiName: api.name,
      apiStage: api.stage,
      tableName: table.tableName,
      indexNames,
    });

    new CfnOutput(this, 'AlarmTopic', { value: topicArn, description: 'Where the alarms ring: subscribe to it' });
    new CfnOutput(this, 'UnsettledQueue', { value: unsettled.queueUrl, description: 'Ends of runs that failed' });
    new CfnOutput(this, 'UnstartedQueue', {
      value: schedules.deadLetters.queueUrl,
      description: 'Schedules that failed',
    });
    new CfnOutput(this, 'UnpublishedQueue', {
      value: messages.unpublished.queueUrl,
      description: 'Changes that nobody was told of',
    });
    new CfnOutput(this, 'EventBus', { value: messages.bus, description: 'Where runs that start and end are told of' });
    new CfnOutput(this, 'ApiUrl', { value: api.url, description: 'Where the API answers' });
    new CfnOutput(this, 'TableName', { value: table.tableName, description: 'Where the runs and the API keys lie' });
    if (prompts !== undefined)
      new CfnOutput(this, 'Prompts', {
        value: prompts,
        description: 'What the context has in the place of shipped prompts',
      });
    new CfnOutput(this, 'BucketName', { value: bucket.bucketName, description: 'Where the reports lie' });
  }
}
