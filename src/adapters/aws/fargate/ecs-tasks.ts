import { createHash } from 'node:crypto';
import {
  ConflictException,
  DescribeTasksCommand,
  type ECSClient,
  paginateListTasks,
  RunTaskCommand,
  StopTaskCommand,
  type Task,
} from '@aws-sdk/client-ecs';
import { awsFailure, isNamed } from '../aws-failure.ts';
import type { FargateSettings } from './fargate-settings.ts';
import { type TaskProblem, problemFrom, problemOfCall } from './task-problem.ts';
import type { TaskOrigin } from './ticket.ts';

/** The tasks of a cluster that are sandboxes. */
export type EcsTasks = {
  /** Starts one, or finds the one that was started for this token. */
  run(origin: TaskOrigin): Promise<{ readonly arn: string } | { readonly problem: TaskProblem }>;
  /** Those that ECS still knows of, by their ARNs. */
  describe(arns: readonly string[]): Promise<readonly Task[]>;
  /** The ARNs of those that are to run: of one origin, or all. */
  list(startedBy?: string): Promise<readonly string[]>;
  /** Stopping what has stopped, or is forgotten, is no error. */
  stop(task: string, reason: string): Promise<void>;
};

const describedAtOnce = 100;

/** Opens the tasks of a cluster. */
export const openEcsTasks = (client: ECSClient, settings: FargateSettings): EcsTasks => {
  const { cluster } = settings;
  const guarded = async <T>(work: Promise<T>): Promise<T> =>
    work.catch((thrown: unknown) => {
      throw awsFailure('ECS', thrown);
    });

  return {
    async run({ client_token: clientToken, started_by: startedBy, token }) {
      const value = JSON.stringify({
        ...settings.supervisor,
        token_sha256: createHash('sha256').update(token).digest('hex'),
      });
      const command = new RunTaskCommand({
        cluster,
        clientToken,
        startedBy,
        taskDefinition: settings.taskDefinition,
        count: 1,
        launchType: 'FARGATE',
        platformVersion: '1.4.0',
        networkConfiguration: {
          awsvpcConfiguration: {
            subnets: [...settings.subnets],
            securityGroups: [settings.securityGroup],
            assignPublicIp: 'DISABLED',
          },
        },
        overrides: {
          containerOverrides: [
            { name: settings.container, environment: [{ name: 'SURVEYOR_SUPERVISOR_SETTINGS', value }] },
          ],
        },
      });
      try {
        const { tasks = [], failures = [] } = await client.send(command);
        const arn = tasks[0]?.taskArn;
        if (arn !== undefined) return { arn };
        return {
          problem: problemFrom(failures.map(({ reason, detail }) => [reason, detail].join(' ')).join('; '), 3),
        };
      } catch (thrown) {
        // Since the first try, whose answer was lost, the stack was deployed anew: the task of that try is this one.
        const before = thrown instanceof ConflictException ? thrown.resourceIds?.[0] : undefined;
        if (before !== undefined) return { arn: before };
        return { problem: problemOfCall(thrown) };
      }
    },

    async describe(arns) {
      const found: Task[] = [];
      for (let from = 0; from < arns.length; from += describedAtOnce) {
        const tasks = arns.slice(from, from + describedAtOnce);
        const answer = await guarded(client.send(new DescribeTasksCommand({ cluster, tasks })));
        found.push(...(answer.tasks ?? []));
      }
      return found;
    },

    list: (startedBy) =>
      guarded(
        (async () => {
          const arns: string[] = [];
          // ECS takes `startedBy` with no other filter.
          const filter = startedBy === undefined ? { family: settings.family } : { startedBy };
          for await (const page of paginateListTasks({ client }, { cluster, ...filter }))
            arns.push(...(page.taskArns ?? []));
          return arns;
        })(),
      ),

    async stop(task, reason) {
      try {
        await client.send(new StopTaskCommand({ cluster, task, reason }));
      } catch (thrown) {
        if (isNamed(thrown, 'InvalidParameterException') && String(thrown).includes('not found')) return;
        throw awsFailure('ECS', thrown);
      }
    },
  };
};
