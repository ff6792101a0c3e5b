import { createHash } from 'node:crypto';
import type { RunTaskInput, TaskEnd } from './start-task.ts';

/** A task as the test server keeps it. */
export type EcsTask = {
  readonly arn: string;
  readonly input: RunTaskInput;
  readonly createdAt: number;
  status: 'PROVISIONING' | 'PENDING' | 'RUNNING' | 'DEPROVISIONING' | 'STOPPED';
  desired: 'RUNNING' | 'STOPPED';
  address?: string | undefined;
  end?: TaskEnd | undefined;
  stop: () => Promise<void>;
};

/** The family of `arn:…:task-definition/family:3`, `family:3` or `family`. */
export const familyOf = (taskDefinition: string): string =>
  (taskDefinition.split('/').at(-1) ?? taskDefinition).split(':')[0] ?? taskDefinition;

const seconds = (milliseconds: number): number => milliseconds / 1000;

/** A task in the words of DescribeTasks. */
export const describeTask = (task: EcsTask, cluster: string): object => {
  const { input, end } = task;
  const names = input.overrides?.containerOverrides?.map(({ name }) => name) ?? [];
  const id = createHash('sha256').update(task.arn).digest('hex').slice(0, 8);
  return {
    taskArn: task.arn,
    clusterArn: cluster,
    taskDefinitionArn: input.taskDefinition,
    group: `family:${familyOf(input.taskDefinition)}`,
    launchType: input.launchType,
    platformVersion: input.platformVersion,
    startedBy: input.startedBy,
    lastStatus: task.status,
    desiredStatus: task.desired,
    createdAt: seconds(task.createdAt),
    overrides: input.overrides,
    containers: (end?.containers ?? names.map((name) => ({ name }))).map((one) => ({
      lastStatus: task.status,
      ...one,
    })),
    attachments: [
      {
        id,
        type: 'ElasticNetworkInterface',
        status: task.address === undefined ? 'PRECREATED' : 'ATTACHED',
        details: [
          { name: 'subnetId', value: input.networkConfiguration?.awsvpcConfiguration?.subnets?.[0] ?? '' },
          ...(task.address === undefined
            ? []
            : [
                { name: 'networkInterfaceId', value: `eni-${id}` },
                { name: 'privateIPv4Address', value: task.address },
              ]),
        ],
      },
    ],
    ...(end === undefined ? {} : { stopCode: end.stopCode, stoppedReason: end.stoppedReason }),
  };
};
