import { dynamoScheduleStore } from '../stores/dynamo-schedule-store.ts';
import { stored } from './stored.ts';

/** Schedules. */
export const schedules = stored(dynamoScheduleStore);
