import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { dynamoStores } from '../../adapters/aws/dynamo-stores.ts';
import { type TrustedCertificates, trustedCertificates } from '../../../src/adapters/aws/trusted-certificates.ts';
import { apiClient, type ApiClient } from '../../../src/contracts/client.ts';
import { Failure } from '../../../src/contracts/failure.ts';
import { Right, Role } from '../../../src/contracts/role.ts';
import type { RunView } from '../../../src/contracts/run.ts';
import type { Stores } from '../../../src/ports/stores.ts';
import { type MiniStack, startMiniStack } from '../../adapters/aws/ministack.ts';
import { type Deployment, deploy } from './deploy.ts';
import { type EcsServer, startEcsServer } from '../ecs/ecs-server.ts';
import type { StartTask } from '../ecs/start-task.ts';
import type { SchedulerServer } from '../scheduler/scheduler-server.ts';
import { startDeployedTask } from './deployed-task.ts';
import { createEventRules, type EventRules } from './event-rules.ts';
import { type FrontDoor, type OnAnswer, openFrontDoor } from './front-door.ts';
import { createFunctionHost, type FunctionHost } from './function-host.ts';
import { serveFunctions } from './function-api.ts';
import { createFunctionLogs } from './function-logs.ts';
import { kernelPython } from './kernel-python.ts';
import { keepUsedPermissions, readFunctionGrants, refusedCalls, usedPermissions } from './least-privilege.ts';
import { startDeployedScheduler } from './deployed-scheduler.ts';
import { startStepFunctionsServer, type StepFunctionsServer } from './step-functions-server.ts';
import { functionFolders, type Synthesis } from './synthesize.ts';

/** The deployed service, and the parts of AWS that it runs on. */
export type AwsPlatform = {
  readonly ministack: MiniStack;
  readonly deployment: Deployment;
  readonly functions: FunctionHost;
  readonly machines: StepFunctionsServer;
  readonly events: EventRules;
  readonly tasks: EcsServer;
  readonly scheduler: SchedulerServer;
  readonly door: FrontDoor;
  readonly stores: Stores;
  /** The certificates that clients of sandboxes trust. */
  readonly certificates: TrustedCertificates;
  /** Where the API answers. */
  readonly url: string;
  /** The API, asked with a new key of a tenant. */
  apiOf(tenant: string): Promise<ApiClient>;
  /** Calls that IAM would have refused, of all that were made: `function: action on resource`. */
  refusedCalls(): Promise<readonly string[]>;
  /** Waits until the run has ended. */
  ended(api: ApiClient, runId: string, seconds?: number): Promise<RunView>;
  stop(): Promise<void>;
};

/** Bytes of a state's payload; Step Functions ends an execution at 256 KiB, some of them uncatchably just below. */
const maxPayload = 200_000;

/** Settings of the platform that tests change. */
export type AwsPlatformOptions = {
  /** Variables of the functions beside those that the stack gives. */
  readonly environment?: Readonly<Record<string, string>>;
  /** By how much seconds of the machines are shorter than those of clocks. */
  readonly hurry?: number;
  /** Is told of every call of the functions, with its answer. */
  readonly onAnswer?: OnAnswer;
  /** Stands between RunTask and what it starts. */
  readonly aroundTask?: (startTask: StartTask) => StartTask;
  /** The folder in which it is kept what the roles of the functions were used for. */
  readonly keepPermissions?: string;
};

/** Deploys a synthesis on this machine, as README.md draws it. */
export const startAwsPlatform = async (
  python: string,
  synthesis: Synthesis,
  options: AwsPlatformOptions = {},
): Promise<AwsPlatform> => {
  let ministack: MiniStack | undefined;
  let deployment: Deployment | undefined;
  const deployed = (): { readonly ministack: MiniStack; readonly deployment: Deployment } => {
    if (deployment === undefined) throw new Error('The stack is not deployed.');
    return { ministack: emulator(), deployment };
  };
  const emulator = (): MiniStack => {
    if (ministack === undefined) throw new Error('The emulator has not started.');
    return ministack;
  };
  const closing: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    const failures: unknown[] = [];
    // One that fails leaves nothing running behind those that come after it.
    for (const close of closing.toReversed()) await close().catch((thrown: unknown) => failures.push(thrown));
    if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join('\n'));
  };
  try {
    const folders = functionFolders(synthesis);
    const functions: FunctionHost = createFunctionHost({
      folders,
      lambda: () => new LambdaClient(emulator().client),
      endpoint: () => door.url,
      logs: createFunctionLogs(() => new CloudWatchLogsClient(emulator().client)),
      ...(options.environment === undefined ? {} : { environment: options.environment }),
    });
    closing.push(() => functions.close());
    const machines = await startStepFunctionsServer({
      invoke: (name, payload) => functions.invoke(name, payload),
      onStatusChange: (event) => events.deliver(event),
      ...(options.hurry === undefined ? {} : { hurry: options.hurry }),
    });
    closing.push(() => machines.close());
    // Whatever the tests of a stack made it do.
    closing.push(async () => {
      const bytes = machines.largestPayload();
      if (bytes > maxPayload) throw new Error(`A state was sent, or answered with, ${bytes} bytes.`);
    });
    const { aroundTask = (startTask: StartTask) => startTask } = options;
    const tasks = await startEcsServer({ startTask: aroundTask(startDeployedTask(synthesis, deployed, kernelPython)) });
    closing.push(() => tasks.close());
    const lambda = await serveFunctions(functions);
    closing.push(() => lambda.close());
    const scheduler = await startDeployedScheduler(synthesis, functions, () => emulator().client);
    closing.push(() => scheduler.close());
    const served = {
      states: machines.url,
      ecs: tasks.client.endpoint,
      lambda: lambda.url,
      scheduler: scheduler.url,
    };
    const door = await openFrontDoor(served, () => emulator().client.endpoint, options.onAnswer);
    closing.push(() => door.close());
    const variables = {
      // How the emulator's Lambda hands its calls to us; API Gateway and asynchronous calls arrive this way.
      ...Object.fromEntries([...folders.keys()].map((name) => [`MINISTACK_LAMBDA_PROXY_${name}`, lambda.url])),
      LAMBDA_ASYNC_RETRY_BASE_SECONDS: '0.2',
      SERVICES: '',
    };
    ministack = await startMiniStack(python, variables, [join(import.meta.dirname, 'emulator.py')]);
    closing.push(() => emulator().stop());
    const { client } = ministack;
    const events = createEventRules(new EventBridgeClient(client), new LambdaClient(client));
    deployment = await deploy(ministack, python, synthesis);
    await createMachines(new SFNClient(client), synthesis, deployment, machines);

    const table = {
      client: DynamoDBDocumentClient.from(new DynamoDBClient(client)),
      table: physicalId(synthesis, deployment, 'AWS::DynamoDB::GlobalTable'),
    };
    const stores = dynamoStores(table);
    const [, apiId = ''] = /^https:\/\/(\w+)\./.exec(deployment.outputs['ApiUrl'] ?? '') ?? [];
    const url = `${client.endpoint}/_aws/execute-api/${apiId}/v1`;
    const grants = readFunctionGrants(ministack, folders.keys());
    grants.catch(() => undefined);
    const { keepPermissions } = options;
    if (keepPermissions !== undefined)
      closing.push(async () => keepUsedPermissions(keepPermissions, usedPermissions(door.calls, await grants)));
    return {
      ministack,
      deployment,
      functions,
      machines,
      events,
      tasks,
      scheduler,
      door,
      stores,
      certificates: trustedCertificates(table),
      url,
      apiOf: async (tenant) => {
        const apiKey = `sk-surveyor-${randomBytes(32).toString('base64url')}`;
        await stores.apiKeys.add({
          hash: createHash('sha256').update(apiKey).digest('hex'),
          tenant,
          roles: Role.options,
          rights: Right.options,
          label: 'test',
          created_at: new Date().toISOString(),
        });
        return apiClient({ baseUrl: url, apiKey });
      },
      refusedCalls: async () => refusedCalls(door.calls, await grants),
      ended: async (api, runId, seconds = 120) => {
        for (let waited = 0; waited < seconds * 1_000; waited += 250) {
          // On a machine that is busy a function may be cut off, as on AWS: who waits asks again.
          const run = await api.getRun({ id: runId }).catch((thrown: unknown) => {
            if (thrown instanceof Failure && thrown.kind === 'INTERNAL') return undefined;
            throw thrown;
          });
          if (run !== undefined && run.status !== 'running') return run;
          await sleep(250);
        }
        throw new Error(`The run ${runId} has not ended within ${seconds} s.`);
      },
      stop,
    };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
};

const physicalId = ({ resources }: Synthesis, { physicalIds }: Deployment, type: string): string => {
  const [id = ''] = Object.entries(resources).find(([, { Type }]) => Type === type) ?? [];
  const found = physicalIds.get(id);
  if (found === undefined) throw new Error(`The stack has no ${type}.`);
  return found;
};

/** The machines as the stack has them, their references resolved: read from the emulator, which would run them wrongly. */
const createMachines = async (
  client: SFNClient,
  { resources }: Synthesis,
  { physicalIds }: Deployment,
  machines: StepFunctionsServer,
): Promise<void> => {
  for (const [id, { Type }] of Object.entries(resources)) {
    if (Type !== 'AWS::StepFunctions::StateMachine') continue;
    const found = await client.send(new DescribeStateMachineCommand({ stateMachineArn: physicalIds.get(id) }));
    await machines.create(found.name ?? '', JSON.parse(found.definition ?? '') as object);
  }
};
