import { NameParams } from '../path-params.ts';
import type { Route } from '../route.ts';
import { ScheduleChange, ScheduleView } from '../schedule.ts';

/** Change, pause or resume a schedule. */
export const changeSchedule = {
  method: 'PATCH',
  path: '/schedules/{name}',
  function: 'change-schedule',
  roles: ['operator'],
  params: NameParams,
  body: ScheduleChange,
  status: 200,
  output: ScheduleView,
} as const satisfies Route;
