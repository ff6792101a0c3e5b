import { IAMClient } from '@aws-sdk/client-iam';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { MiniStack } from '../../adapters/aws/ministack.ts';
import { type SchedulerServer, startSchedulerServer } from '../scheduler/scheduler-server.ts';
import type { FunctionHost } from './function-host.ts';
import { covers, roleStatements } from './granted-permissions.ts';
import type { Synthesis } from './synthesize.ts';

/**
 * EventBridge Scheduler with the deployed group: what is due is handed to Lambda, where the role that the entry names may
 * call the function. Its clock is that of the functions, which goes ahead when a test lets time pass.
 */
export const startDeployedScheduler = (
  { resources }: Synthesis,
  functions: FunctionHost,
  client: () => MiniStack['client'],
): Promise<SchedulerServer> => {
  const group = Object.values(resources).find(({ Type }) => Type === 'AWS::Scheduler::ScheduleGroup');
  return startSchedulerServer({
    group: String(group?.Properties['Name']),
    clock: {
      get now() {
        return new Date(Date.now() + functions.ahead);
      },
      set now(to) {
        functions.ahead = to.getTime() - Date.now();
      },
    },
    call: async ({ arn, roleArn, input }) => {
      const statements = await roleStatements(new IAMClient(client()), roleArn.slice(roleArn.lastIndexOf('/') + 1));
      if (!covers(statements, { action: 'lambda:InvokeFunction', resource: arn }))
        throw new Error(`${roleArn} may not call ${arn}.`);
      await new LambdaClient(client()).send(
        new InvokeCommand({ FunctionName: arn, InvocationType: 'Event', Payload: JSON.stringify(input) }),
      );
    },
  });
};
