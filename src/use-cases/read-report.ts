import { Failure } from '../contracts/failure.ts';
import type { PortsOf } from '../ports/port-access.ts';
import { findRun } from './find-run.ts';

/**
 * The largest report that is answered with itself, as the answer of a function carries it: in a JSON text, of which Lambda
 * takes 6,291,556 bytes.
 */
const maxAnswerBytes = 5_000_000;

/** One report of a run: the page, or its JSON twin; of a large one the link by which it is read, where the store gives links. */
export const readReport = async (
  ports: PortsOf<'read-report', never>,
  tenant: string,
  request: { readonly runId: string; readonly agent: string; readonly format: 'html' | 'json' },
): Promise<{ readonly text: string } | { readonly location: string }> => {
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
  const bytes = await ports.reports.get(tenant, key);
  if (bytes === undefined) {
    throw new Failure(
      'NOT_FOUND',
      `The report ${key} was written and is no longer there; was it deleted from the object store?`,
      { where: 'path.agent' },
    );
  }
  const text = new TextDecoder().decode(bytes);
  if (Buffer.byteLength(JSON.stringify(text)) <= maxAnswerBytes) return { text };
  const type = request.format === 'html' ? 'text/html' : 'application/json';
  const location = await ports.reports.link(tenant, key, `${type}; charset=utf-8`);
  return location === undefined ? { text } : { location };
};
