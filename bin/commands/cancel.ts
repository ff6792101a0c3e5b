import type { Command } from 'commander';
import { loadSettings } from '../local/settings.ts';
import { runIdOr } from './run.ts';
import { terminalOf } from './terminal.ts';
import { withService } from './with-service.ts';
import { programName } from '../program-name.ts';

/** `surveyor cancel <id>`: stops a run. */
export const registerCancel = (program: Command): void => {
  program
    .command('cancel')
    .description('Stop a run; what it has found is kept')
    .argument('<id>', 'the run')
    .addHelpText('after', `\nExample:\n  ${programName} cancel 01JD3Y6M9Q4T8V2X5Z7B1C3D4E`)
    .action(async (given: string, _: unknown, command: Command) => {
      const terminal = terminalOf(command);
      await withService(loadSettings(), terminal.display().note, async ({ client }) => {
        const accepted = await client.cancelRun({ id: await runIdOr(given, client) });
        terminal.print(accepted, `Run ${accepted.run_id} is being stopped.`);
      });
    });
};
