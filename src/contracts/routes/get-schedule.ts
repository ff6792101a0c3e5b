import { NameParams } from '../path-params.ts';
import { readers } from '../role.ts';
import type { Route } from '../route.ts';
import { ScheduleView } from '../schedule.ts';

/** One schedule, its last time and its next. */
export const getSchedule = {
  method: 'GET',
  path: '/schedules/{name}',
  function: 'get-schedule',
  roles: readers,
  params: NameParams,
  status: 200,
  output: ScheduleView,
} as const satisfies Route;
