import type { Command } from 'commander';
import { loadSettings } from '../local/settings.ts';
import { followRun } from './follow-run.ts';
import { readConnectionString } from './read-connection-string.ts';
import { placesText, reportPlaces } from './report-places.ts';
import { runFailure } from './run-failure.ts';
import { runIdOr } from './run.ts';
import { terminalOf } from './terminal.ts';
import { withService } from './with-service.ts';

/** `surveyor resume <id>`: goes on with a run that did not succeed. */
export const registerResume = (program: Command): void => {
  program
    .command('resume')
    .description('Go on with a run that did not succeed, keeping what it had finished')
    .argument('[id]', 'the run; the newest one when left out')
    .option('--watch', 'follow it to its end; the exit code is then that of its failure')
    .option('--connection-string-stdin', 'read the connection string again, which was deleted when the run ended')
    .addHelpText('after', '\nExample:\n  npx surveyor resume --watch')
    .action(
      async (
        given: string | undefined,
        options: { watch?: boolean; connectionStringStdin?: boolean },
        command: Command,
      ) => {
        const terminal = terminalOf(command);
        const display = terminal.display();
        const again = options.connectionStringStdin === true ? { db_conn_string: await readConnectionString() } : {};
        const failure = await withService(loadSettings(), display.note, async (link, signal) => {
          const id = await runIdOr(given, link.client);
          const accepted = await link.client.resumeRun({ id, ...again });
          if (!link.isOwn && options.watch !== true) {
            terminal.print(accepted, `Run ${id} goes on. Follow it: npx surveyor run ${id} --watch`);
            return undefined;
          }
          const view = await followRun(link, id, display, signal);
          if (view === undefined) return undefined;
          const reports = await reportPlaces(link, view, !link.isOwn);
          terminal.print({ run: view, reports }, () => `Run ${id} ${view.status}\n${placesText(reports)}`.trimEnd());
          return runFailure(view);
        });
        if (failure !== undefined) throw failure;
      },
    );
};
