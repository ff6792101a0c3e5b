import type { Run } from '../contracts/run.ts';
import type { Using } from '../ports/port-access.ts';

/** A report as a file of an agent’s workspace. */
export type ReportFile = { readonly name: string; readonly about: string; readonly bytes: Uint8Array };

/** The reports there are when an agent starts: those of this run, and of the run before under the same prefix; page and data each. */
export const earlierReports = async (
  ports: Using<{ runs: 'read' | 'previous'; reports: 'read' }>,
  run: Run,
): Promise<readonly ReportFile[]> => {
  const previous = run.publish && (await ports.runs.findPrevious(run.tenant, run.publish.s3_prefix, run.run_id));
  const sources = [
    { of: 'this-run', words: 'this run', source: run },
    ...(previous === undefined ? [] : [{ of: 'previous-run', words: 'the run before', source: previous }]),
  ];
  const wanted = sources.flatMap(({ of, words, source }) =>
    source.reports.flatMap(({ agent, html_key, json_key }) => [
      {
        name: `${of}-${agent}.html`,
        key: html_key,
        about: `The ${agent} report of ${words} (${source.publish?.timestamp ?? source.created_at}), as published`,
      },
      { name: `${of}-${agent}.json`, key: json_key, about: 'The same as data' },
    ]),
  );
  const files = await Promise.all(
    wanted.map(async ({ name, key, about }) => ({ name, about, bytes: await ports.reports.get(run.tenant, key) })),
  );
  // A report that was deleted meanwhile is simply not among them.
  return files.flatMap(({ name, about, bytes }) => (bytes === undefined ? [] : [{ name, about, bytes }]));
};
