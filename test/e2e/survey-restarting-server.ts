import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { Report } from '../../src/contracts/report.ts';
import type { LocalService } from '../support/local-service.ts';
import type { PrivateServer } from '../support/private-server.ts';

/** How many tables there are, with so many rows that measuring them takes a moment. */
export const tables = 6;
export const rows = 20_000;

/** Surveys a server that is ended a moment after the run began, and is back a little later; answers how long the run took. */
export const surveyRestartingServer = async (
  local: LocalService,
  server: PrivateServer,
  url: string,
  { after, away }: { readonly after: number; readonly away: number },
): Promise<number> => {
  const started = Date.now();
  const { run_id } = await local.api.createCatalog({ db_conn_string: url, s3_prefix: `reports/restart-${started}` });
  await sleep(after);
  await server.kill();
  await sleep(away);
  await server.restart();
  const run = await local.ended(run_id);
  if (run.failure !== undefined) throw new Error(`ended after ${after} ms: ${run.failure.message}`);
  const report = Report.parse(await local.api.readReport({ id: run_id, agent: 'cataloging' }));
  const [database] = report.profile?.databases ?? [];
  expect({ after, failed: database?.failed, counts: database?.tables.map((table) => table.rows.count) }).toEqual({
    after,
    failed: [],
    counts: Array.from({ length: tables }, () => rows),
  });
  return Date.now() - started;
};
