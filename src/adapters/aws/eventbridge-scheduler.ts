import { randomUUID } from 'node:crypto';
import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  type SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { Failure } from '../../contracts/failure.ts';
import type { Schedule } from '../../contracts/schedule.ts';
import type { TaskInput } from '../../contracts/tasks.ts';
import { nextDue } from '../../domain/schedule/next-due.ts';
import { readExpression } from '../../domain/schedule/read-expression.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Scheduler } from '../../ports/scheduler.ts';
import { awsFailure, isNamed } from './aws-failure.ts';
import { scheduleName } from './schedule-name.ts';

/** Where the schedules of one deployment are, and what they call. */
export type EventBridgeSchedulerSettings = {
  readonly group: string;
  readonly startScheduledArn: string;
  readonly alignScheduleArn: string;
  /** The role under which EventBridge Scheduler calls them. */
  readonly roleArn: string;
  /** Where calls go that could not be delivered. */
  readonly deadLetterArn: string;
};

/** After this whoever announced a change has made it or died: the functions of routes end after 26 s. */
const alignMilliseconds = 120_000;

/** A call that cannot be delivered for so long is for the queue: a later time is due then. */
const retryPolicy = { MaximumEventAgeInSeconds: 3_600, MaximumRetryAttempts: 60 };

const maxTries = 4;

/** Schedules of Amazon EventBridge Scheduler, in a group of the deployment's own. */
export const eventBridgeScheduler = (options: {
  readonly client: SchedulerClient;
  readonly clock: Pick<Clock, 'now'>;
  readonly settings: EventBridgeSchedulerSettings;
}): Scheduler => {
  const { client, clock, settings } = options;

  const entry = (
    targetArn: string,
    input: unknown,
    rest: Pick<CreateScheduleCommandInput, 'Name' | 'ScheduleExpression'> & Partial<CreateScheduleCommandInput>,
  ): CreateScheduleCommandInput => ({
    GroupName: settings.group,
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: {
      Arn: targetArn,
      RoleArn: settings.roleArn,
      Input: JSON.stringify(input),
      DeadLetterConfig: { Arn: settings.deadLetterArn },
      RetryPolicy: retryPolicy,
    },
    ...rest,
  });

  return {
    async announce(tenant, name) {
      const at = new Date(clock.now().getTime() + alignMilliseconds).toISOString().slice(0, 19);
      const input: TaskInput<'align-schedule'> = { tenant, schedule: name };
      const request = entry(settings.alignScheduleArn, input, {
        Name: `_align-${randomUUID()}`,
        Description: `Looks once whether ${tenant}/${name} is due as it is stored`,
        ScheduleExpression: `at(${at})`,
        ScheduleExpressionTimezone: 'UTC',
        ActionAfterCompletion: 'DELETE',
      });
      try {
        await client.send(new CreateScheduleCommand(request));
      } catch (thrown) {
        // The name is nobody else's: it is this very entry, whose answer was lost.
        if (!isNamed(thrown, 'ConflictException')) throw failureOf(thrown);
      }
    },

    async put(schedule) {
      await putEntry(client, entry(settings.startScheduledArn, inputOf(schedule), timesOf(schedule, clock.now())));
    },

    async remove(tenant, name) {
      for (let tries = 1; ; tries += 1) {
        try {
          await client.send(new DeleteScheduleCommand({ GroupName: settings.group, Name: scheduleName(tenant, name) }));
          return;
        } catch (thrown) {
          if (isNamed(thrown, 'ResourceNotFoundException')) return;
          // Another is changing it at this moment.
          if (!isNamed(thrown, 'ConflictException') || tries === maxTries) throw failureOf(thrown);
        }
      }
    },
  };
};

/** What the function is called with; EventBridge Scheduler replaces the words in brackets. */
const inputOf = ({ tenant, name, changed_at }: Pick<Schedule, 'tenant' | 'name' | 'changed_at'>) =>
  ({
    tenant,
    schedule: name,
    changed_at,
    due_at: '<aws.scheduler.scheduled-time>',
    execution_id: '<aws.scheduler.execution-id>',
  }) satisfies TaskInput<'start-scheduled'>;

const timesOf = (schedule: Omit<Schedule, 'last'>, now: Date) => {
  const { tenant, name, expression, time_zone, changed_at, paused } = schedule;
  const due = readExpression(expression, time_zone);
  // Without a beginning a rate is due as soon as it is stored, and one that lies more than five minutes back is refused.
  const first = due.kind === 'rate' ? nextDue(due, new Date(changed_at), now) : undefined;
  return {
    Name: scheduleName(tenant, name),
    Description: `${tenant}/${name}`,
    ScheduleExpression: expression,
    ScheduleExpressionTimezone: due.kind === 'rate' ? 'UTC' : time_zone,
    State: paused ? 'DISABLED' : 'ENABLED',
    ...(first === undefined ? {} : { StartDate: first }),
  } as const;
};

/** Puts an entry in the place of the one that has its name, if one has. An update replaces all of it. */
const putEntry = async (client: SchedulerClient, entry: CreateScheduleCommandInput): Promise<void> => {
  let isThere = true;
  for (let tries = 1; ; tries += 1) {
    try {
      if (isThere) await client.send(new UpdateScheduleCommand(entry));
      else await client.send(new CreateScheduleCommand(entry));
      return;
    } catch (thrown) {
      const gone = isNamed(thrown, 'ResourceNotFoundException');
      // Made meanwhile, perhaps by this very call, whose answer was lost; or being changed at this moment.
      const other = isNamed(thrown, 'ConflictException');
      if ((!gone && !other) || (gone && !isThere) || tries === maxTries) throw failureOf(thrown);
      isThere = !gone;
    }
  }
};

/** What the service does not take is wrong in the request: the expression and the time zone are all that comes from there. */
const failureOf = (thrown: unknown): Failure =>
  isNamed(thrown, 'ValidationException') && thrown instanceof Error
    ? new Failure('INVALID_REQUEST', `EventBridge Scheduler does not take the schedule: ${thrown.message}`, {
        where: 'body.expression',
        cause: thrown,
      })
    : awsFailure('EventBridge Scheduler', thrown);
