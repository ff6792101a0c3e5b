import { Failure } from '../contracts/failure.ts';
import type { PortsOf } from '../ports/port-access.ts';
import { findRun } from './find-run.ts';

/** The bytes of one report of a run: the page, or its JSON twin. */
export const readReport = async (
  ports: PortsOf<'read-report', never>,
  tenant: string,
  request: { readonly runId: string; readonly agent: string; readonly format: 'html' | 'json' },
): Promise<string> => {
  const run = await findRun(ports, tenant, request.runId);
  const report = run.reports.find(({ agent }) => agent === request.agent);
  if (report === undefined) {
    const there = run.reports.map(({ agent }) => agent).join(', ');
    const state = run.status === 'running' ? 'The run is still running' : `The run has ended (${run.status})`;
    throw new Failure(
      'NOT_FOUND',
      `Run ${run.run_id} has no report of "${request.agent}". ${state}; reports so far: ${there === '' ? 'none' : there}.`,
      {
        where: 'path.agent',
      },
    );
  }
  const key = request.format === 'html' ? report.html_key : report.json_key;
  const bytes = await ports.objects.get(tenant, key);
  if (bytes === undefined) {
    throw new Failure(
      'NOT_FOUND',
      `The report ${key} was written and is no longer there; was it deleted from the object store?`,
      { where: 'path.agent' },
    );
  }
  return new TextDecoder().decode(bytes);
};
