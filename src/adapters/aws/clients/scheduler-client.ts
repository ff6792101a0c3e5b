import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { clientLimits } from './client-limits.ts';
import { once } from './once.ts';

/** The client of EventBridge Scheduler. */
export const schedulerClient = once(() => new SchedulerClient(clientLimits));
