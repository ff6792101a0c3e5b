import * as z from 'zod';
import { LogLevel, LogPage } from '../log-entry.ts';
import { RunParams } from '../path-params.ts';
import { readers } from '../role.ts';
import type { Route } from '../route.ts';

/** What a run logged, oldest first. */
export const listLogs = {
  method: 'GET',
  path: '/runs/{id}/logs',
  function: 'list-logs',
  roles: readers,
  params: RunParams,
  query: z.strictObject({
    level: LogLevel.optional().describe('That one and worse'),
    since: z.iso
      .datetime({ offset: true, error: 'not a time such as 2026-01-31T12:00:00Z' })
      .transform((time) => new Date(time).toISOString())
      .pipe(z.iso.datetime())
      .optional()
      .describe('From this time on'),
    q: z.string().min(1).max(200).optional().describe('A text that the message or a field holds'),
    limit: z.coerce.number().int().min(1).max(1_000).default(200),
    cursor: z.string().max(512).optional(),
  }),
  status: 200,
  output: LogPage,
} as const satisfies Route;
