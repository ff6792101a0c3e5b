import type { Command } from 'commander';
import { loadSettings } from '../local/settings.ts';
import { endWithOutcome } from './fail-on.ts';
import { followRun } from './follow-run.ts';
import { interruption } from './interruption.ts';
import { placesText, reportPlaces } from './report-places.ts';
import { runFailure } from './run-failure.ts';
import { allDatasets, seedDatasets } from './seed.ts';
import { connectService, openService } from './service-link.ts';
import type { LocalLink } from './service-link.ts';
import { runLines } from './tell-end.ts';
import { terminalOf } from './terminal.ts';
import type { Terminal } from './terminal.ts';
import { serviceText } from './up.ts';
import { programName } from '../program-name.ts';

const dataset = 'ecommerce';

/** One catalog of the first sample dataset, watched to its end. Fails with the run's own failure. */
const demonstrate = async (
  link: LocalLink,
  terminal: Terminal,
  signal: AbortSignal,
  isServing: boolean,
): Promise<void> => {
  const { run_id } = await link.client.createCatalog({ dataset, s3_prefix: `reports/${dataset}` });
  const view = await followRun(link, run_id, terminal.display(), signal);
  if (view === undefined) return;
  const failure = runFailure(view);
  if (failure !== undefined) throw failure;
  // A service that goes on serving ends when somebody stops it, which says nothing of the survey.
  const outcome = isServing ? undefined : endWithOutcome(view.totals, {});
  const reports = await reportPlaces(link, view, isServing);
  terminal.print({ run: view, outcome, reports, url: link.url }, () =>
    [
      '',
      ...runLines(view),
      `The reports${isServing ? ' (each link opens once)' : ''}:`,
      placesText(reports, view.run_id),
    ].join('\n'),
  );
};

/** `surveyor start`, which `npm start` runs: from nothing to two reports that can be read. */
export const registerStart = (program: Command): void => {
  program
    .command('start')
    .description('Make the sample datasets, start the service, survey ecommerce, and serve its reports until Ctrl-C')
    .option('--once', 'end when the reports are written')
    .addHelpText('after', `\nExamples:\n  npm start\n  ${programName} start --once --json`)
    .action(async (options: { once?: boolean }, command: Command) => {
      const terminal = terminalOf(command);
      const display = terminal.display();
      const settings = loadSettings();
      const stop = interruption();
      try {
        await seedDatasets(settings, allDatasets);
        const running = await connectService(settings);
        if (running !== undefined)
          display.note(`A service runs already (${running.url}, process ${running.pid}); using it.`);
        const link = running ?? (await openService(settings, display.note, { firesSchedules: options.once !== true }));
        try {
          const isServing = !link.isOwn || options.once !== true;
          await demonstrate(link, terminal, stop.signal, isServing);
          if (!link.isOwn || !isServing) return;
          display.note(`Serving them until Ctrl-C. Next: ${programName} --help`);
          if (!terminal.json) process.stderr.write(`${serviceText(settings, link)}\n`);
          await stop.happened;
        } finally {
          await link.close();
        }
      } finally {
        stop.dispose();
      }
    });
};
