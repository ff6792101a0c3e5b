import { SFNClient } from '@aws-sdk/client-sfn';
import { stepFunctionsWorkflow } from '../../src/adapters/aws/step-functions-workflow.ts';
import type { ExecutionStatusChange } from '../../src/contracts/execution.ts';
import { describeWorkflowContract } from '../contracts/workflow-contract.ts';
import { startStepFunctionsServer } from './platform/step-functions-server.ts';

// The adapter and the wire protocol that the deployed functions speak, by the contract of every engine.
describeWorkflowContract('Step Functions', async (functions) => {
  const delivered: ExecutionStatusChange[] = [];
  const waiting = new Map<string, PromiseWithResolvers<ExecutionStatusChange>>();
  const waitFor = (id: string): PromiseWithResolvers<ExecutionStatusChange> => {
    const known = waiting.get(id) ?? Promise.withResolvers<ExecutionStatusChange>();
    waiting.set(id, known);
    return known;
  };
  const server = await startStepFunctionsServer({
    invoke: async (name, payload) => {
      try {
        return { result: JSON.stringify((await functions[name]?.(payload as never)) ?? null) };
      } catch (thrown) {
        const { name: errorType, message: errorMessage } = thrown as Error;
        return { error: { errorType, errorMessage } };
      }
    },
    onStatusChange: async (event) => {
      delivered.push(event);
      waitFor(event.detail.executionArn).resolve(event);
    },
  });
  const client = new SFNClient({
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  return {
    workflow: stepFunctionsWorkflow({
      client,
      settings: {
        machineArnPrefix: 'arn:aws:states:us-east-1:000000000000:stateMachine:',
        functionArnPrefix: 'arn:aws:lambda:us-east-1:000000000000:function:',
        machineRoleArn: 'arn:aws:iam::000000000000:role/machines',
      },
    }),
    statusChange: (id) => waitFor(id).promise,
    statusChanges: (id) => delivered.filter(({ detail }) => detail.executionArn === id).length,
    dispose: async () => {
      client.destroy();
      await server.close();
    },
  };
});
