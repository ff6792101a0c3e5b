import { PageQuery } from '../page-query.ts';
import { readers } from '../role.ts';
import type { Route } from '../route.ts';
import { SchedulePage } from '../schedule.ts';

/** The schedules, by name. */
export const listSchedules = {
  method: 'GET',
  path: '/schedules',
  function: 'list-schedules',
  roles: readers,
  query: PageQuery,
  status: 200,
  output: SchedulePage,
} as const satisfies Route;
