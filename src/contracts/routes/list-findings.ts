import * as z from 'zod';
import { Name } from '../common.ts';
import { Severity } from '../severity.ts';
import { ChangeState } from '../change-state.ts';
import { FindingPage } from '../finding-page.ts';
import { RunParams } from '../path-params.ts';
import { reportReaders } from '../role.ts';
import type { Route } from '../route.ts';

/** What a run found, most severe first, and what it did not look at. */
export const listFindings = {
  method: 'GET',
  path: '/runs/{id}/findings',
  function: 'list-findings',
  roles: reportReaders,
  params: RunParams,
  query: z.strictObject({
    severity: Severity.optional().describe('That one and worse'),
    rule: Name.optional(),
    source: Name.optional(),
    table: z.string().min(1).optional(),
    state: ChangeState.optional().describe(
      'What has become of it since the runs before; `gone`, `dropped` and `not_looked_at` list findings of earlier runs, as they were then',
    ),
    limit: z.coerce.number().int().min(1).max(500).default(100),
    cursor: z.string().max(512).optional(),
  }),
  status: 200,
  output: FindingPage,
} as const satisfies Route;
