import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { Failure } from '../../src/contracts/failure.ts';
import { loadSettings } from '../local/settings.ts';
import { isHomeLocked } from './home-lock.ts';
import { findService, isAlive, readState, type RunningService } from './service-state.ts';
import { terminalOf } from './terminal.ts';
import { programName } from '../program-name.ts';

/** Runs under way are settled and sandboxes released as a service stops; that is a matter of seconds. */
const patienceMilliseconds = 30_000;
const lastMomentsMilliseconds = 5_000;

const pollMilliseconds = 50;

const stopService = async (home: string, { pid, secret }: RunningService): Promise<void> => {
  process.kill(pid, 'SIGTERM');
  // Whether it is still there, its lock says: the number may be another program's the moment after.
  const isThere = (): boolean => isHomeLocked(home) && readState(home)?.secret === secret;
  for (const end = Date.now() + patienceMilliseconds; isThere(); await sleep(pollMilliseconds)) {
    if (Date.now() > end) {
      throw new Failure('CONFLICT', `The service (process ${pid}) does not stop. End it with \`kill -9 ${pid}\`.`, {
        where: `process ${pid}`,
      });
    }
  }
  // Its last moments, in which it closes its files.
  for (
    const end = Date.now() + lastMomentsMilliseconds;
    isAlive(pid) && Date.now() < end;
    await sleep(pollMilliseconds)
  );
};

/** `surveyor down`: stops the service of this home. */
export const registerDown = (program: Command): void => {
  program
    .command('down')
    .description('Stop the service; runs under way end as interrupted')
    .addHelpText('after', `\nExamples:\n  ${programName} down`)
    .action(async (_options: object, command: Command) => {
      const terminal = terminalOf(command);
      // Only a service that shows that it is this home's is signalled: the pid in a stale file may be anybody's by now.
      const { home } = loadSettings();
      const running = await findService(home);
      if (running === undefined) return terminal.print({ stopped: false }, 'No service is running.');
      await stopService(home, running);
      terminal.print({ stopped: true, pid: running.pid }, `Surveyor is down (it was process ${running.pid}).`);
    });
};
