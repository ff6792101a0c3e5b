import type { Command } from 'commander';
import { Failure } from '../../src/contracts/failure.ts';
import { loadSettings } from '../local/settings.ts';
import { failOnOption, type FailOnOptions } from './fail-on.ts';
import { followRun } from './follow-run.ts';
import { readConnectionString } from './read-connection-string.ts';
import { runIdOr } from './run.ts';
import { tellEnd } from './tell-end.ts';
import { terminalOf } from './terminal.ts';
import { withService } from './with-service.ts';
import { programName } from '../program-name.ts';

const notFromWords = (): Failure =>
  new Failure(
    'INVALID_REQUEST',
    `Behind the run there can only be "-". A connection string is read from standard input, because everybody on this machine can see the words of a command: ${programName} resume <id> - < connection-string.txt`,
    { where: '-' },
  );

/** `surveyor resume <id>`: goes on with a run that did not succeed. */
export const registerResume = (program: Command): void => {
  program
    .command('resume')
    .description('Go on with a run that did not succeed, keeping what it had finished')
    .argument('[id]', 'the run; the newest one when left out')
    .argument(
      '[-]',
      '- reads the connection string again from standard input; that of a run without a named connection was deleted when it ended',
    )
    .option('--watch', 'follow it to its end; the exit code is then that of its outcome or failure')
    .addOption(failOnOption('; implies --watch'))
    .addHelpText(
      'after',
      `\nExamples:\n  ${programName} resume --watch\n  ${programName} resume 01JD3Y6M9Q4T8V2X5Z7B1C3D4E - < connection-string.txt`,
    )
    .action(
      async (
        first: string | undefined,
        second: string | undefined,
        options: { watch?: boolean } & FailOnOptions,
        command: Command,
      ) => {
        const terminal = terminalOf(command);
        const display = terminal.display();
        if (second !== undefined && second !== '-') throw notFromWords();
        const given = first === '-' ? undefined : first;
        const hasDash = first === '-' || second === '-';
        const said = given === undefined ? 'resume -' : `resume ${given} -`;
        const again = hasDash ? { db_conn_string: await readConnectionString(said) } : {};
        const failure = await withService(loadSettings(), display.note, async (link, signal) => {
          const id = await runIdOr(given, link.client);
          const accepted = await link.client.resumeRun({ id, ...again });
          if (!link.isOwn && options.watch !== true && options.failOn === undefined) {
            terminal.print(accepted, `Run ${id} goes on. Follow it: ${programName} run ${id} --watch`);
            return undefined;
          }
          const view = await followRun(link, id, display, signal);
          if (view === undefined) return undefined;
          return tellEnd(link, terminal, view, options);
        });
        if (failure !== undefined) throw failure;
      },
    );
};
