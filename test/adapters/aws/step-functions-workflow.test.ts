import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SFNClient } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { stepFunctionsWorkflow } from '../../../src/adapters/aws/step-functions-workflow.ts';
import type { Workflow } from '../../../src/ports/workflow.ts';

type Answer = { readonly error: string; readonly message?: string } | { readonly body: unknown };
type Asked = { readonly operation: string; readonly input: Record<string, unknown> };

const region = 'arn:aws:states:eu-central-1:123456789012';
const executionArn = `${region}:execution:surveyor-catalog:run-1`;

/** The real SDK against a server on loopback that speaks Step Functions' protocol and answers as it is told. */
describe('the workflow on Step Functions', () => {
  let server: Server;
  let workflow: Workflow;
  let asked: Asked[];
  let answers: Record<string, Answer[]>;

  beforeAll(async () => {
    const reply = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      const operation = String(request.headers['x-amz-target']).replace('AWSStepFunctions.', '');
      asked.push({ operation, input: JSON.parse(await text(request)) });
      const answer = answers[operation]?.shift() ?? { error: 'UnexpectedRequest' };
      const failed = 'error' in answer;
      const body = failed ? { __type: `states#${answer.error}`, message: answer.message ?? '' } : answer.body;
      response.writeHead(failed ? 400 : 200, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify(body));
    };
    server = createServer((request, response) => void reply(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const client = new SFNClient({
      endpoint: `http://127.0.0.1:${port}`,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    });
    workflow = stepFunctionsWorkflow({
      client,
      settings: {
        machineArnPrefix: `${region}:stateMachine:surveyor-`,
        functionArnPrefix: 'arn:aws:lambda:eu-central-1:123456789012:function:surveyor-',
        machineRoleArn: 'arn:aws:iam::123456789012:role/machines',
      },
    });
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));
  beforeEach(() => {
    asked = [];
    answers = {};
  });

  it('starts a machine by its plain name', async () => {
    answers = { StartExecution: [{ body: { executionArn, startDate: 1_700_000_000 } }] };
    const started = await workflow.start({ machine: 'catalog', name: 'run-1', input: { tenant: 'acme' } });
    expect(started).toEqual({ execution_id: executionArn });
    expect(asked[0]?.input).toEqual({
      stateMachineArn: `${region}:stateMachine:surveyor-catalog`,
      name: 'run-1',
      input: '{"tenant":"acme"}',
    });
  });

  it('refuses a name that is taken, and a machine that is not there', async () => {
    answers = { StartExecution: [{ error: 'ExecutionAlreadyExists' }, { error: 'StateMachineDoesNotExist' }] };
    const start = () => workflow.start({ machine: 'catalog', name: 'run-1', input: {} });
    await expect(start()).rejects.toMatchObject({ kind: 'CONFLICT' });
    await expect(start()).rejects.toMatchObject({ kind: 'NOT_FOUND' });
  });

  it('describes an execution, its input and output as values', async () => {
    const stateMachineArn = `${region}:stateMachine:surveyor-catalog`;
    const found = {
      executionArn,
      stateMachineArn,
      name: 'run-1',
      status: 'SUCCEEDED',
      startDate: 1_700_000_000,
      stopDate: 1_700_000_001.5,
      input: '{"a":1}',
      output: '{"b":2}',
    };
    answers = { DescribeExecution: [{ body: found }] };
    expect(await workflow.describe(executionArn)).toEqual({
      execution_id: executionArn,
      machine: 'catalog',
      name: 'run-1',
      status: 'SUCCEEDED',
      started_at: '2023-11-14T22:13:20.000Z',
      ended_at: '2023-11-14T22:13:21.500Z',
      input: { a: 1 },
      output: { b: 2 },
    });
  });

  it('knows nothing of an execution that is not there, and cannot stop it', async () => {
    answers = {
      DescribeExecution: [{ error: 'ExecutionDoesNotExist' }, { error: 'InvalidArn' }],
      GetExecutionHistory: [{ error: 'ExecutionDoesNotExist' }],
      StopExecution: [{ error: 'ExecutionDoesNotExist' }],
    };
    expect(await workflow.describe(executionArn)).toBeUndefined();
    expect(await workflow.describe('nonsense')).toBeUndefined();
    expect(await workflow.history(executionArn)).toEqual([]);
    const stopping = workflow.stop(executionArn, { error: 'RUN_CANCELLED', cause: 'no longer wanted' });
    await expect(stopping).rejects.toMatchObject({ kind: 'NOT_FOUND' });
    expect(asked.at(-1)?.input).toEqual({ executionArn, error: 'RUN_CANCELLED', cause: 'no longer wanted' });
  });

  it('reads a history to its last page, in the form of every engine', async () => {
    const entered = {
      id: 2,
      previousEventId: 0,
      timestamp: 1_700_000_000.25,
      type: 'TaskStateEntered',
      stateEnteredEventDetails: { name: 'Call model', input: '{}' },
    };
    answers = {
      GetExecutionHistory: [
        { body: { events: [{ id: 1, timestamp: 1_700_000_000, type: 'ExecutionStarted' }], nextToken: 'more' } },
        { body: { events: [entered] } },
      ],
    };
    expect(await workflow.history(executionArn)).toEqual([
      { id: 1, previousEventId: 0, timestamp: '2023-11-14T22:13:20.000Z', type: 'ExecutionStarted' },
      { ...entered, timestamp: '2023-11-14T22:13:20.250Z' },
    ]);
    expect(asked.map(({ input }) => input['nextToken'])).toEqual([undefined, 'more']);
  });

  it('answers a waiting task once, and takes a second answer as harmless', async () => {
    answers = {
      SendTaskSuccess: [{ body: {} }, { error: 'TaskTimedOut' }],
      SendTaskFailure: [{ body: {} }, { error: 'TaskDoesNotExist' }],
    };
    for (const _ of [1, 2]) {
      await workflow.sendTaskSuccess('token', { arrived: true });
      await workflow.sendTaskFailure('token', 'CONFLICT', 'why');
    }
    expect(asked[0]?.input).toEqual({ taskToken: 'token', output: '{"arrived":true}' });
    expect(asked[1]?.input).toEqual({ taskToken: 'token', error: 'CONFLICT', cause: 'why' });
  });

  it('replaces a machine, or creates one that is not there, with its names bound and a version published', async () => {
    const definition = {
      StartAt: 'Call',
      States: { Call: { Type: 'Task', Arguments: { FunctionName: 'call-model' }, End: true } },
    };
    answers = {
      UpdateStateMachine: [{ body: { updateDate: 1 } }, { error: 'StateMachineDoesNotExist' }],
      CreateStateMachine: [{ body: { stateMachineArn: 'arn', creationDate: 1 } }],
    };
    await workflow.deploy('chain-1', definition);
    await workflow.deploy('chain-1', definition);
    expect(asked.map(({ operation }) => operation)).toEqual([
      'UpdateStateMachine',
      'UpdateStateMachine',
      'CreateStateMachine',
    ]);
    expect(asked.at(-1)?.input).toMatchObject({
      name: 'surveyor-chain-1',
      type: 'STANDARD',
      roleArn: 'arn:aws:iam::123456789012:role/machines',
      publish: true,
      definition: expect.stringContaining('"arn:aws:lambda:eu-central-1:123456789012:function:surveyor-call-model"'),
    });
  });

  it('passes on what Step Functions finds wrong with a definition', async () => {
    answers = {
      UpdateStateMachine: [{ error: 'InvalidDefinition', message: 'MISSING_TRANSITION_TARGET at /States/Call' }],
    };
    await expect(workflow.deploy('chain-1', { StartAt: 'Call', States: {} })).rejects.toMatchObject({
      kind: 'INVALID_REQUEST',
      message: expect.stringContaining('MISSING_TRANSITION_TARGET'),
    });
  });

  it('removes a machine', async () => {
    answers = { DeleteStateMachine: [{ body: {} }] };
    await workflow.remove('chain-1');
    expect(asked[0]?.input).toEqual({ stateMachineArn: `${region}:stateMachine:surveyor-chain-1` });
  });

  it('says that Step Functions failed where it did, so that a state tries again', async () => {
    answers = { StartExecution: [{ error: 'AccessDeniedException', message: 'not authorized' }] };
    await expect(workflow.start({ machine: 'catalog', name: 'run-1', input: {} })).rejects.toMatchObject({
      kind: 'STORAGE_FAILED',
      message: expect.stringMatching(/Step Functions.*not authorized/),
    });
  });
});
