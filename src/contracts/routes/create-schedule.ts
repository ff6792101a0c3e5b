import type { Route } from '../route.ts';
import { ScheduleRequest, ScheduleView } from '../schedule.ts';

/** Start a catalog again and again. */
export const createSchedule = {
  method: 'POST',
  path: '/schedules',
  function: 'create-schedule',
  roles: ['operator'],
  body: ScheduleRequest,
  status: 201,
  output: ScheduleView,
} as const satisfies Route;
