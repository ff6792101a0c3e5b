import * as z from 'zod';
import { Name, RunId } from '../common.ts';
import { StoredReport } from '../report.ts';
import { reportReaders } from '../role.ts';
import type { Route } from '../route.ts';

/** A report, as a page or as data. */
export const readReport = {
  method: 'GET',
  path: '/runs/{id}/reports/{agent}',
  function: 'read-report',
  roles: reportReaders,
  params: z.strictObject({ id: RunId, agent: Name }),
  status: 200,
  output: StoredReport,
  html: true,
  redirects: true,
} as const satisfies Route;
