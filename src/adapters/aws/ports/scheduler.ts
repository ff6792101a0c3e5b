import * as z from 'zod';
import { systemClock } from '../../system-clock.ts';
import { schedulerClient } from '../clients/scheduler-client.ts';
import { eventBridgeScheduler } from '../eventbridge-scheduler.ts';
import { awsPort, text } from './aws-port.ts';

/** The scheduler of the deployment. */
export const scheduler = awsPort(
  z.object({
    SCHEDULE_GROUP: text,
    SCHEDULE_ROLE_ARN: text,
    SCHEDULE_DEAD_LETTER_ARN: text,
    FUNCTION_ARN_PREFIX: text,
  }),
  ({ SCHEDULE_GROUP, SCHEDULE_ROLE_ARN, SCHEDULE_DEAD_LETTER_ARN, FUNCTION_ARN_PREFIX }) =>
    eventBridgeScheduler({
      client: schedulerClient(),
      clock: systemClock(),
      settings: {
        group: SCHEDULE_GROUP,
        startScheduledArn: `${FUNCTION_ARN_PREFIX}start-scheduled`,
        alignScheduleArn: `${FUNCTION_ARN_PREFIX}align-schedule`,
        roleArn: SCHEDULE_ROLE_ARN,
        deadLetterArn: SCHEDULE_DEAD_LETTER_ARN,
      },
    }),
);
