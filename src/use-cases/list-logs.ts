import type * as z from 'zod';
import type { LogPage } from '../contracts/log-entry.ts';
import type { routes } from '../contracts/routes.ts';
import type { PortsOf } from '../ports/port-access.ts';
import { findRun } from './find-run.ts';

/** What a run logged. Fails with NOT_FOUND, and with INVALID_REQUEST on a cursor that no page gave. */
export const listLogs = async (
  ports: PortsOf<'list-logs', never>,
  tenant: string,
  runId: string,
  { level, since, q, limit, cursor }: z.output<(typeof routes)['listLogs']['query']>,
): Promise<LogPage> => {
  await findRun(ports, tenant, runId);
  const { items, next_cursor } = await ports.logs.query(tenant, {
    run_id: runId,
    limit,
    ...(level === undefined ? {} : { level }),
    ...(since === undefined ? {} : { since }),
    ...(q === undefined ? {} : { q }),
    ...(cursor === undefined ? {} : { cursor }),
  });
  return {
    entries: items.map(({ at, level: of, message, fields }) => ({ at, level: of, message, fields })),
    ...(next_cursor === undefined ? {} : { next_cursor }),
  };
};
