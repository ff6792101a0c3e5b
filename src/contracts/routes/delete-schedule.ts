import { NameParams } from '../path-params.ts';
import type { Route } from '../route.ts';
import { ScheduleView } from '../schedule.ts';

/** Forget a schedule. */
export const deleteSchedule = {
  method: 'DELETE',
  path: '/schedules/{name}',
  function: 'delete-schedule',
  roles: ['operator'],
  params: NameParams,
  status: 200,
  output: ScheduleView,
} as const satisfies Route;
