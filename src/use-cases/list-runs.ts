import type { RunPage } from '../contracts/run.ts';
import type { PortsOf } from '../ports/port-access.ts';
import { showRun } from './get-run.ts';

/** One page of the tenant's runs, newest first. */
export const listRuns = async (
  ports: PortsOf<'list-runs', never>,
  tenant: string,
  page: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<RunPage> => {
  const { items, next_cursor } = await ports.runs.list(tenant, page);
  return { runs: items.map(showRun), ...(next_cursor === undefined ? {} : { next_cursor }) };
};
