import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { Failure } from '../../src/contracts/failure.ts';
import { loadSettings } from '../local/settings.ts';
import { nearest } from '../../src/domain/nearest.ts';
import { placesText, reportPlaces } from './report-places.ts';
import { surveyIdOr } from './run.ts';
import type { ServiceLink } from './service-link.ts';
import { terminalOf } from './terminal.ts';
import { withService } from './with-service.ts';
import { programName } from '../program-name.ts';

const noReport = (runId: string, agent: string | undefined, agents: readonly string[]): Failure => {
  if (agent === undefined || agents.length === 0) {
    return new Failure('NOT_FOUND', `Run ${runId} has no report. See how it stands: ${programName} run ${runId}`);
  }
  const [likely] = nearest(agent, agents);
  const hint = likely === undefined ? '' : ` Did you mean ${likely}?`;
  return new Failure('NOT_FOUND', `Run ${runId} has no report by "${agent}".${hint} It has: ${agents.join(', ')}.`, {
    where: 'agent',
  });
};

/** Fetches reports into a folder, each as a page and as data. Fails with SETTING_INVALID where they cannot be written. */
const saveReports = async (
  link: Pick<ServiceLink, 'client' | 'reportPage'>,
  id: string,
  agents: readonly string[],
  folder: string,
): Promise<readonly SavedReport[]> => {
  const saved: SavedReport[] = [];
  for (const agent of agents) {
    const [html_file, json_file] = [join(folder, `${agent}.html`), join(folder, `${agent}.json`)];
    const page = await link.reportPage(id, agent);
    const data = await link.client.readReport({ id, agent });
    try {
      mkdirSync(folder, { recursive: true });
      writeFileSync(html_file, page);
      writeFileSync(json_file, JSON.stringify(data));
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new Failure('SETTING_INVALID', `The report cannot be written: ${reason}. Name another folder.`, {
        where: '--save',
        cause,
      });
    }
    saved.push({ agent, html_file, json_file });
  }
  return saved;
};

type SavedReport = { readonly agent: string; readonly html_file: string; readonly json_file: string };

/** `surveyor report <id> [agent]`: where the reports of a run are, or one as data. */
export const registerReport = (program: Command): void => {
  program
    .command('report')
    .description('Say where the reports of a run are: the file, and a link that opens it in a browser')
    .argument('[id]', 'the run; the newest one with reports when left out')
    .argument('[agent]', 'one report; with --json, the report itself as data')
    .option('--save <folder>', 'fetch them into a folder: <agent>.html and <agent>.json')
    .addHelpText(
      'after',
      `\nExamples:\n  ${programName} report\n  ${programName} report --save reports\n  ${programName} report 01JD3Y6M9Q4T8V2X5Z7B1C3D4E cataloging --json | jq .profile\n\n` +
        `Links need a running service (${programName} up); each works once.`,
    )
    .action(
      async (
        given: string | undefined,
        agent: string | undefined,
        options: { readonly save?: string },
        command: Command,
      ) => {
        const terminal = terminalOf(command);
        await withService(loadSettings(), terminal.display().note, async (link) => {
          const id = await surveyIdOr(given, link.client, terminal.display().note);
          const view = await link.client.getRun({ id });
          const reports = view.reports.filter((report) => agent === undefined || report.agent === agent);
          if (reports.length === 0)
            throw noReport(
              id,
              agent,
              view.reports.map((report) => report.agent),
            );
          if (options.save !== undefined) {
            const agents = reports.map((report) => report.agent);
            const saved = await saveReports(link, id, agents, resolve(options.save));
            terminal.print({ run_id: id, reports: saved }, () =>
              saved.flatMap(({ html_file, json_file }) => [html_file, json_file]).join('\n'),
            );
            return;
          }
          if (terminal.json && agent !== undefined) {
            terminal.print(await link.client.readReport({ id, agent }), '');
            return;
          }
          const places = await reportPlaces(link, { run_id: id, reports }, !link.isOwn);
          terminal.print({ run_id: id, reports: places }, () => placesText(places, id));
        });
      },
    );
};
