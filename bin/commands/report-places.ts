import type { RunView } from '../../src/contracts/run.ts';
import { programName } from '../program-name.ts';
import type { ServiceLink } from './service-link.ts';

/**
 * Where one report of a run can be read: its keys in the object store; the files where that is on this machine; the URL where
 * the service does not end with the command, and signs a browser in.
 */
export type ReportPlace = {
  readonly agent: string;
  readonly html_key: string;
  readonly json_key: string;
  readonly html_file?: string;
  readonly json_file?: string;
  readonly url?: string;
};

/** Where the reports of a run are. */
export const reportPlaces = (
  link: Pick<ServiceLink, 'reportFile' | 'browserUrl'>,
  view: Pick<RunView, 'run_id' | 'reports'>,
  isServing: boolean,
): Promise<readonly ReportPlace[]> =>
  Promise.all(
    view.reports.map(async ({ agent, html_key, json_key }) => {
      const [html_file, json_file] = [link.reportFile(html_key), link.reportFile(json_key)];
      const url = isServing ? await link.browserUrl(`/runs/${view.run_id}/reports/${agent}`) : undefined;
      return {
        agent,
        html_key,
        json_key,
        ...(html_file !== undefined && { html_file }),
        ...(json_file !== undefined && { json_file }),
        ...(url !== undefined && { url }),
      };
    }),
  );

/** The same as text: for each report its file, or its key where it has none here, and, below, the link that opens it in a browser. */
export const placesText = (places: readonly ReportPlace[], runId: string): string => {
  const width = Math.max(0, ...places.map(({ agent }) => agent.length));
  const lines = places.flatMap(({ agent, html_key, html_file = html_key, url }) => [
    `  ${agent.padEnd(width)}  ${html_file}`,
    ...(url === undefined ? [] : [`  ${' '.repeat(width)}  ${url}`]),
  ]);
  // Keys are of a bucket that not everybody who has a key may look into.
  const isElsewhere = places.some(({ html_file }) => html_file === undefined);
  return [...lines, ...(isElsewhere ? [`To read them: ${programName} report ${runId} --save <folder>`] : [])].join(
    '\n',
  );
};
