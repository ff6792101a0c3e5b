import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { Failure } from '../../src/contracts/failure.ts';
import { loadSettings } from '../local/settings.ts';
import { findService, isAlive } from './service-state.ts';
import { terminalOf } from './terminal.ts';
import { programName } from '../program-name.ts';

/** Runs under way are settled and sandboxes released as a service stops; that is a matter of seconds. */
const patienceMilliseconds = 30_000;

const stopProcess = async (pid: number): Promise<void> => {
  process.kill(pid, 'SIGTERM');
  for (const end = Date.now() + patienceMilliseconds; isAlive(pid); await sleep(50)) {
    if (Date.now() > end) {
      throw new Failure('CONFLICT', `The service (process ${pid}) does not stop. End it with \`kill -9 ${pid}\`.`, {
        where: `process ${pid}`,
      });
    }
  }
};

/** `surveyor down`: stops the service of this home. */
export const registerDown = (program: Command): void => {
  program
    .command('down')
    .description('Stop the service; runs under way end as interrupted')
    .addHelpText('after', `\nExamples:\n  ${programName} down`)
    .action(async (_options: object, command: Command) => {
      const terminal = terminalOf(command);
      // Only a service that answers is signalled: the pid in a stale file may be anybody's by now.
      const running = await findService(loadSettings().home);
      if (running === undefined) return terminal.print({ stopped: false }, 'No service is running.');
      await stopProcess(running.pid);
      terminal.print({ stopped: true, pid: running.pid }, `Surveyor is down (it was process ${running.pid}).`);
    });
};
