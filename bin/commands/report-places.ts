import type { RunView } from '../../src/contracts/run.ts';
import type { ServiceLink } from './service-link.ts';

/** Where one report of a run can be read. The URL is absent where the service ends with the command. */
export type ReportPlace = {
  readonly agent: string;
  readonly html_file: string;
  readonly json_file: string;
  readonly url?: string;
};

/** Where the reports of a run are. */
export const reportPlaces = (
  link: Pick<ServiceLink, 'reportFile' | 'browserUrl'>,
  view: Pick<RunView, 'run_id' | 'reports'>,
  isServing: boolean,
): Promise<readonly ReportPlace[]> =>
  Promise.all(
    view.reports.map(async ({ agent, html_key, json_key }) => ({
      agent,
      html_file: link.reportFile(html_key),
      json_file: link.reportFile(json_key),
      ...(isServing && { url: await link.browserUrl(`/runs/${view.run_id}/reports/${agent}`) }),
    })),
  );

/** The same as text: for each report its file and, below, the link that opens it in a browser. */
export const placesText = (places: readonly ReportPlace[]): string => {
  const width = Math.max(0, ...places.map(({ agent }) => agent.length));
  return places
    .flatMap(({ agent, html_file, url }) => [
      `  ${agent.padEnd(width)}  ${html_file}`,
      ...(url === undefined ? [] : [`  ${' '.repeat(width)}  ${url}`]),
    ])
    .join('\n');
};
